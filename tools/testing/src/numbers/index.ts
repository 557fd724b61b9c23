/**
 * What runs in a page too.
 * @packageDocumentation
 */
export { relativeError, relativeL2 } from './compare.js';
export { noise, random } from './noise.js';
