import type { OpenVolumeOpts, VolumeHeader } from '../../api.js';
import { VolumeIoError } from '../../errors.js';
import { requireUsable } from '../../geometry/require-usable.js';
import { worldGeometry } from '../../geometry/world-geometry.js';
import { firstFile } from './choose-stack.js';
import type { Slice } from './slice.js';
import type { Stack } from './stack.js';
import { type StackGeometry, stackGeometry } from './stack-geometry.js';

/** The header of the volume that a stack becomes. Throws VolumeIoError 'geometry' where the option refuses it. */
export function stackHeader(
  stack: Stack,
  volume: number,
  notes: readonly string[],
  opts: OpenVolumeOpts,
): VolumeHeader {
  const slices = stack.volumes[volume];
  const file = firstFile(stack);
  const geometry: StackGeometry = stackGeometry(slices.map((s) => s.info));
  requireUsable(geometry.affine, file.name);
  if (geometry.irregular && opts.geometry === 'strict') {
    throw new VolumeIoError('geometry', geometry.irregular, { file: file.name });
  }
  const { image } = file;
  const volumes = stack.volumes.length;
  const shape: [number, number, number] = [image.columns, image.rows, slices.length];
  const scaling = sharedScaling(slices);
  return {
    format: 'dicom',
    dtype: storedDtype(slices),
    shape,
    dims: volumes > 1 ? [...shape, volumes] : [...shape],
    volumes,
    components: image.photometric === 'PALETTE COLOR' ? 3 : image.samples,
    ...worldGeometry(geometry.affine),
    slope: scaling.slope,
    inter: scaling.inter,
    byteOrder: file.syntax.littleEndian ? 'little' : 'big',
    description: file.description,
    modality: file.modality,
    notes: [
      ...new Set([
        ...file.notes,
        ...stack.notes,
        ...notes,
        ...geometry.notes,
        ...scaling.notes,
        ...pixelNotes(slices),
      ]),
    ],
    fields: file.fields,
  };
}

/** The slope and intercept of all slices; of the first one, with a note, where they differ. */
function sharedScaling(slices: readonly Slice[]): {
  slope: number;
  inter: number;
  notes: string[];
} {
  const { slope, inter } = slices[0].info;
  const same = slices.every((s) => s.info.slope === slope && s.info.inter === inter);
  return {
    slope,
    inter,
    notes: same
      ? []
      : ['Slope and intercept differ from slice to slice; each slice was scaled by its own.'],
  };
}

function pixelNotes(slices: readonly Slice[]): string[] {
  const notes: string[] = [];
  const { file } = slices[0];
  const { image, modalityLut } = file;
  if (invertsStored(file)) {
    notes.push(
      `The image is MONOCHROME1 (low values are bright); its stored values v were inverted to ${maximum(image)} − v before scaling.`,
    );
  } else if (image.photometric === 'MONOCHROME1') {
    notes.push('The image is MONOCHROME1 (low values are bright); its values were not inverted.');
  }
  if (modalityLut) notes.push('Values were looked up in the modality table of the file.');
  return notes;
}

/** MONOCHROME1 is inverted where the values are stored integers; floats and table entries have no range to invert in. */
export function invertsStored({ image, modalityLut }: Slice['file']): boolean {
  return image.photometric === 'MONOCHROME1' && image.kind === 'integer' && !modalityLut;
}

/** Largest and smallest stored value in one number: v is inverted to this number − v. */
export function maximum(image: { bitsStored: number; signed: boolean }): number {
  return image.signed ? -1 : 2 ** image.bitsStored - 1;
}

/** Name of the stored type; the widest where slices differ. */
function storedDtype(slices: readonly Slice[]): string {
  let widest = slices[0].file.image;
  for (const { file } of slices) {
    if (file.image.bitsAllocated > widest.bitsAllocated) widest = file.image;
  }
  if (widest.samples === 3 || widest.photometric === 'PALETTE COLOR') return 'rgb24';
  if (widest.kind === 'float') return `float${widest.bitsAllocated}`;
  const bits = widest.bitsAllocated === 12 ? 16 : Math.max(8, widest.bitsAllocated);
  return `${widest.signed ? 'int' : 'uint'}${bits}`;
}
