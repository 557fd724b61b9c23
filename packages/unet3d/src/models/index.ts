export { type ClassifierOpts, classifier } from './classifier.js';
export { type DeeplySupervisedOpts, deeplySupervised } from './deeply-supervised.js';
export { encoderOf } from './encoder-of.js';
export { type ResidualUNet3dOpts, residualUnet3d } from './residual-unet3d.js';
export { type SegmenterOpts, segmenter } from './segmenter.js';
export { type UNet3dOpts, unet3d } from './unet3d.js';
