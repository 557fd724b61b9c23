export { fromTensor } from './from-tensor.js';
export { toTensor } from './to-tensor.js';
