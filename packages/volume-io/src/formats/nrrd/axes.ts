import type { Vec3 } from '@genesis/core';
import { VolumeIoError } from '../../errors.js';
import type { NrrdFields } from './fields.js';

/** What an NRRD's axes are for. */
export interface NrrdAxes {
  /** The axes that are i, j, k: up to three, in file order. */
  spatial: number[];
  shape: Vec3;
  components: number;
  componentStride: number;
  volumes: number;
}

/** Kinds that are positions; all other kinds are several values at one position. */
const DOMAIN = new Set(['domain', 'space', 'time', '???', 'none']);

/**
 * Tells spatial axes from others, by their kinds and directions. An axis of values before or between the spatial ones
 * gives components, axes after them volumes. Throws VolumeIoError 'unsupported' for arrangements beyond that.
 */
export function nrrdAxes(fields: NrrdFields, file: string): NrrdAxes {
  const { sizes, kinds, directions } = fields;
  const isSpatial = (axis: number): boolean => {
    const kind = kinds?.[axis]?.toLowerCase() ?? '???';
    if (!DOMAIN.has(kind) || kind === 'time') return false;
    return directions === undefined || directions[axis] !== undefined;
  };
  const spatial = sizes
    .map((_, axis) => axis)
    .filter(isSpatial)
    .slice(0, 3);
  if (kinds?.some((kind) => kind.toLowerCase() === 'complex')) {
    throw new VolumeIoError('unsupported', 'holds complex voxels, which cannot be read', { file });
  }
  if (spatial.length === 0) {
    throw new VolumeIoError('unsupported', 'has no spatial axis', { file });
  }
  const last = spatial.at(-1)!;
  const inner = sizes
    .map((_, axis) => axis)
    .filter((axis) => axis < last && !spatial.includes(axis));
  if (inner.length > 1) {
    throw new VolumeIoError('unsupported', 'has more than one axis of values within its volume', {
      file,
    });
  }
  const product = (from: number, to: number): number =>
    sizes.slice(from, to).reduce((all, n) => all * n, 1);
  const size = (n: number): number => (spatial[n] === undefined ? 1 : sizes[spatial[n]]);
  return {
    spatial,
    shape: [size(0), size(1), size(2)],
    components: inner.length === 1 ? sizes[inner[0]] : 1,
    componentStride: inner.length === 1 ? product(0, inner[0]) : 1,
    volumes: product(last + 1, sizes.length),
  };
}
