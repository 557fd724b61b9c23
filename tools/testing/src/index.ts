/**
 * What the tests of several packages share. Never published; packages name it among their devDependencies.
 * @packageDocumentation
 */
export { bundlePage } from './browser/bundle-page.js';
export { chromiumPath, haveChromium, noChromium } from './browser/chromium.js';
export { type OpenPage, type OpenPageOpts, openPage } from './browser/open-page.js';
export { type PageServer, type ServeOpts, serveFolder } from './browser/serve-folder.js';
export { relativeError, relativeL2 } from './compare.js';
export { noise, random } from './noise.js';
export { tempFolder } from './temp-folder.js';
