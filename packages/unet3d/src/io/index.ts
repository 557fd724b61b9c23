export { loadLayersModel, loadModel } from './load-model.js';
export { encodeModel, modelFolder } from './model-folder.js';
export { saveModel } from './save-model.js';
