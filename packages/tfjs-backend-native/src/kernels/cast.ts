import type { DataType } from '@tensorflow/tfjs-core';
import { broadcastWalk } from '../broadcast.js';
import type { NativeKernel } from '../kernel.js';

/** From int32 or bool to float32, and from float32 to bool; other casts are the stock kernel's. */
export const cast: NativeKernel = ({ inputs, attrs, backend, addon }) => {
  const x = inputs.x;
  const dtype = attrs.dtype as DataType;
  if (dtype === 'float32' && (x.dtype === 'int32' || x.dtype === 'bool')) {
    const { info, data } = backend.floatOutput(x.shape);
    data.set(backend.elements(x));
    return info;
  }
  if (dtype === 'bool' && x.dtype === 'float32') {
    const { info, data } = backend.output(x.shape, 'bool');
    const { list } = broadcastWalk(x.shape, [])!;
    const zero = new Float32Array(1);
    const { NotEqual } = addon.compareOps;
    addon.compare(NotEqual, list, backend.floats(x), zero, data as Uint8Array);
    return info;
  }
  return undefined;
};
