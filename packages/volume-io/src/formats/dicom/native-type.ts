import type { NumberDType } from '@genesis/core';
import { RANGE } from '../../voxels/stored-type.js';
import type { Slice } from './slice.js';
import { invertsStored, maximum } from './stack-header.js';

const INTEGERS = ['int16', 'uint16', 'int32', 'uint32'] as const;

/** What is done to the stored values of one slice; the inversion of MONOCHROME1 is part of it. */
export function sliceScaling({ file, info }: Slice): { slope: number; inter: number } {
  if (!invertsStored(file)) return info;
  return { slope: -info.slope, inter: maximum(file.image) * info.slope + info.inter };
}

/**
 * The type that loses nothing: the stored one where nothing is scaled; with whole slopes and intercepts the first of
 * int16, uint16, int32, uint32 that holds all values that the stored bits can take, or float64 beyond them; else
 * float32, or float64 for images stored in more than 16 bits.
 */
export function nativeType(slices: readonly Slice[]): NumberDType {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let plain = true;
  let whole = true;
  let bits = 8;
  for (const slice of slices) {
    const { image, modalityLut, palette } = slice.file;
    if (image.kind === 'float') return image.bitsAllocated === 32 ? 'float32' : 'float64';
    if (image.samples === 3) return `uint${image.bitsAllocated as 8 | 16 | 32}`;
    if (palette) return palette.bits > 8 ? 'uint16' : 'uint8';
    const { slope, inter } = sliceScaling(slice);
    const [from, to] = modalityLut
      ? [0, 65535]
      : image.signed
        ? [-(2 ** (image.bitsStored - 1)), 2 ** (image.bitsStored - 1) - 1]
        : [0, 2 ** image.bitsStored - 1];
    low = Math.min(low, from * slope + inter, to * slope + inter);
    high = Math.max(high, from * slope + inter, to * slope + inter);
    plain &&= slice.info.slope === 1 && slice.info.inter === 0 && !modalityLut;
    whole &&= Number.isInteger(slope) && Number.isInteger(inter);
    bits = Math.max(bits, image.bitsAllocated === 12 ? 16 : image.bitsAllocated);
  }
  if (plain) {
    const { signed } = slices[0].file.image;
    if (slices.every((s) => s.file.image.signed === signed)) {
      return `${signed ? 'int' : 'uint'}${bits as 8 | 16 | 32}`;
    }
  }
  const fitting = whole && INTEGERS.find((t) => RANGE[t]![0] <= low && high <= RANGE[t]![1]);
  return fitting || (whole || bits > 16 ? 'float64' : 'float32');
}
