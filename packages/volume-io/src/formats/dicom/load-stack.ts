import { type DType, isDType, type TypedArray } from '@genesis/core';
import type { OpenVolumeOpts, ReadVoxelsOpts, Region } from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { BytesSource } from '../../bytes/bytes-source.js';
import { mapConcurrently } from '../../bytes/map-concurrently.js';
import { throwIfAborted } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import { shiftAffine } from '../../geometry/affine.js';
import { checkRegion } from '../../voxels/check-region.js';
import { createVolume } from '../../voxels/create-volume.js';
import { applyFinitePolicy } from '../../voxels/read-voxels.js';
import type { Volume } from '../../voxels/volume.js';
import {
  checkSize,
  chooseComponent,
  chooseVolume,
  type VoxelPlan,
} from '../../voxels/voxel-plan.js';
import { firstFile } from './choose-stack.js';
import { cropPlane } from './crop-plane.js';
import { nativeType } from './native-type.js';
import { type SeriesFile, withFile } from './series-file.js';
import { SliceLoader } from './slice-loader.js';
import type { Stack } from './stack.js';
import { stackHeader } from './stack-header.js';

/** Files read at a time: enough to hide the disk, few enough for little memory. */
const CONCURRENCY = 8;

/** Decodes a stack straight into one array, file by file; of a region only the slices that it covers. */
export async function loadStack(
  stack: Stack,
  notes: readonly string[],
  open: (name: string) => Promise<ByteSource>,
  opts: ReadVoxelsOpts & Pick<OpenVolumeOpts, 'geometry'>,
  region?: Region,
): Promise<Volume<TypedArray>> {
  // Of all volumes, so that those of a 4-D series come in one type.
  const native = nativeType(stack.volumes.flat());
  const plan = selectionPlan(stack, native);
  const volume = chooseVolume(plan, opts);
  const component = chooseComponent(plan, opts);
  const header = stackHeader(stack, volume, notes, opts);
  const type = outputType(native, component, opts);
  const { name } = plan.payload.source;
  if (region) checkRegion(region, header.shape, name);
  const box = region ?? { start: [0, 0, 0], size: header.shape };
  const slices = stack.volumes[volume].slice(box.start[2], box.start[2] + box.size[2]);
  checkSize({ ...plan, shape: [plan.shape[0], plan.shape[1], slices.length] }, type, opts);
  const loader = new SliceLoader(slices, type, type === native, component, opts);
  const byFile = new Map<SeriesFile, number[]>();
  slices.forEach(({ file }, k) => {
    const known = byFile.get(file);
    if (known) known.push(k);
    else byFile.set(file, [k]);
  });
  await mapConcurrently([...byFile], CONCURRENCY, async ([file, ks]) => {
    throwIfAborted(opts.signal, file.name);
    try {
      const source = await open(file.name);
      try {
        await loader.load(file, source, ks);
      } finally {
        await source.close();
      }
    } catch (error) {
      throw withFile(error, file.name);
    }
  });
  if (component === 'luminance') {
    header.notes.push('Luminance 0.30 R + 0.59 G + 0.11 B was taken of its colours.');
  }
  const cropped = cropPlane(loader.voxels(), type, header.shape, box, name, opts.out);
  const voxels = applyFinitePolicy(cropped, plan, header, opts);
  const affine = shiftAffine(header.affine, box.start);
  return createVolume(voxels, { shape: [...box.size], affine, header });
}

/** What choosing a volume, a component and checking sizes need to know. */
function selectionPlan(stack: Stack, native: DType): VoxelPlan {
  const file = firstFile(stack);
  const { image } = file;
  return {
    payload: { source: new BytesSource(new Uint8Array(0), file.name), start: 0, length: 0 },
    offset: 0,
    type: native,
    byteOrder: 'little',
    shape: [image.columns, image.rows, stack.volumes[0].length],
    order: 'ijk',
    volumes: stack.volumes.length,
    components: file.palette ? 3 : image.samples,
    componentStride: 1,
    slope: 1,
    inter: 0,
  };
}

function outputType(native: DType, component: number | 'luminance', opts: ReadVoxelsOpts): DType {
  const asked = opts.dtype ?? 'native';
  if (asked !== 'native' && !isDType(asked)) {
    throw new VolumeIoError('bad-argument', `dtype ${JSON.stringify(asked)} is not known`);
  }
  if (component === 'luminance') {
    if (asked === 'native') return 'float32';
    if (asked !== 'float32' && asked !== 'float64') {
      throw new VolumeIoError('range', `luminance is fractional and cannot be given as ${asked}`);
    }
  }
  return asked === 'native' ? native : asked;
}
