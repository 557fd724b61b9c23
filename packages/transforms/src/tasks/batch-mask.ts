import ndarray, { type NdArray } from 'ndarray';
import type { LabelKind, Shape3 } from '../api.js';
import { checkBox } from '../deformations/boxes.js';
import { TransformsError } from '../errors.js';
import { voxels } from '../grid/grid.js';
import { patchMaskToVoxels } from './masked-autoencoding.js';

/**
 * Which voxels of a batch are hidden from the network, for a loss on those alone.
 *
 * @param kind - the task's `labelKinds(shape)` of this label, `patch-mask` or `box`
 * @param label - the batch's label, `[n, length]`
 * @param shape - spatial shape of the crops
 * @returns `[n, x, y, z, 1]`, 1 where a voxel is hidden, else 0; a new array
 * @throws TransformsError `factors` for a label that says nothing about voxels or does not fit the shape
 */
export function batchMask(
  kind: LabelKind,
  label: NdArray<Int32Array>,
  shape: Shape3,
): NdArray<Float32Array> {
  if (kind.kind !== 'patch-mask' && kind.kind !== 'box') {
    throw new TransformsError(
      'factors',
      `batchMask: a label of kind '${kind.kind}' hides no voxels; it needs 'patch-mask' or 'box'.`,
    );
  }
  const size = voxels(shape);
  const count = label.shape[0];
  const data = new Float32Array(count * size);
  for (let n = 0; n < count; n++) {
    const own = Array.from({ length: kind.length }, (_, i) => label.get(n, i));
    const target = data.subarray(n * size, (n + 1) * size);
    if (kind.kind === 'patch-mask') target.set(patchMaskToVoxels(own, kind.patch, shape).data);
    else fillBox(target, shape, own);
  }
  return ndarray(data, [count, ...shape, 1]);
}

function fillBox(target: Float32Array, shape: Shape3, label: readonly number[]): void {
  const [x0, y0, z0, sx, sy, sz] = label;
  checkBox({ start: [x0, y0, z0], size: [sx, sy, sz] }, shape, 'batchMask');
  for (let x = x0; x < x0 + sx; x++) {
    for (let y = y0; y < y0 + sy; y++) {
      const row = (x * shape[1] + y) * shape[2] + z0;
      target.fill(1, row, row + sz);
    }
  }
}
