export { loadLayersModel, loadModel } from './load-model.js';
export { modelFolder } from './model-folder.js';
export { saveModel } from './save-model.js';
