import './register-layers.js';

export { AddAct, type AddActLayerOpts } from './add-act.js';
export { AveragePool3d, type AveragePool3dLayerOpts } from './average-pool3d.js';
export type { BaseLayerOpts, LayerInput, LayerShape } from './base.js';
export { ConcatChannels } from './concat-channels.js';
export { ConvNormAct, type ConvNormActLayerOpts } from './conv-norm-act.js';
export { ConvTranspose3d, type ConvTranspose3dLayerOpts } from './conv-transpose3d.js';
export { Conv3d, type Conv3dLayerOpts } from './conv3d.js';
export { CropLike } from './crop-like.js';
export { Dense, type DenseLayerOpts } from './dense.js';
export { GlobalAveragePool3d } from './global-average-pool3d.js';
export { MaxPool3d, type MaxPool3dLayerOpts } from './max-pool3d.js';
export { NormAct, type NormActLayerOpts } from './norm-act.js';
export { PadToMultiple, type PadToMultipleLayerOpts } from './pad-to-multiple.js';
export { registerLayers } from './register-layers.js';
export { UpSample3d, type UpSample3dLayerOpts } from './up-sample3d.js';
