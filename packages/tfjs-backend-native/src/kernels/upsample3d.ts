import type { GenesisUpsample3d, GenesisUpsample3dGrad } from '@genesis/core/kernels';
import { type FusedKernel, sizes } from '../kernel.js';

export const genesisUpsample3d: FusedKernel<typeof GenesisUpsample3d> = ({
  inputs,
  attrs,
  backend,
  addon,
}) => {
  const x = inputs.x;
  const { size } = attrs;
  const [batch, d, h, w, channels] = x.shape as [number, number, number, number, number];
  const { info, data } = backend.floatOutput([
    batch,
    d * size[0],
    h * size[1],
    w * size[2],
    channels,
  ]);
  addon.upsample3d(sizes(batch, d, h, w, channels, ...size), backend.floats(x), data);
  return info;
};

export const genesisUpsample3dGrad: FusedKernel<typeof GenesisUpsample3dGrad> = ({
  inputs,
  attrs,
  backend,
  addon,
}) => {
  const dy = inputs.dy;
  const { size } = attrs;
  const [batch, d, h, w, channels] = dy.shape as [number, number, number, number, number];
  const small = [batch, d / size[0], h / size[1], w / size[2], channels];
  const { info, data } = backend.floatOutput(small);
  addon.upsample3dGrad(sizes(...small, ...size), backend.floats(dy), data);
  return info;
};
