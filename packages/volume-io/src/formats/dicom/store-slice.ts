import type { DType, TypedArray } from '@genesis/core';
import { VolumeIoError } from '../../errors.js';
import { isWide, RANGE } from '../../voxels/stored-type.js';
import type { ModalityLut } from './lookup-tables.js';
import type { StoredFrame } from './stored-frame.js';

/** How stored values become the values of the volume: table or value × slope + inter. */
export interface SliceScale {
  readonly slope: number;
  readonly inter: number;
  readonly lut?: ModalityLut;
  /** Values are checked to fit this type before they are stored. */
  readonly checked?: DType;
  readonly component: number | 'luminance';
}

/** Writes one frame, scaled, into `out` from `at`. Throws VolumeIoError 'range' for values that do not fit. */
export function storeSlice(
  frame: StoredFrame,
  out: TypedArray,
  at: number,
  scale: SliceScale,
): void {
  if (scale.lut || scale.checked || scale.component === 'luminance' || isWide(out)) {
    storeSlowly(frame, out, at, scale);
    return;
  }
  const { data, samples, bits, shift, signed } = frame;
  const { slope, inter, component } = scale;
  const pixels = data.length / samples;
  // With 32 bits the shifts below only convert, which floats must not be.
  const up = 32 - bits - shift;
  const down = 32 - bits;
  if (bits === 32 || samples > 1) {
    for (let p = 0, from = component; p < pixels; p++, from += samples) {
      out[at + p] = data[from] * slope + inter;
    }
  } else if (signed) {
    for (let p = 0; p < pixels; p++) out[at + p] = ((data[p] << up) >> down) * slope + inter;
  } else {
    for (let p = 0; p < pixels; p++) out[at + p] = ((data[p] << up) >>> down) * slope + inter;
  }
}

function storeSlowly(frame: StoredFrame, out: TypedArray, at: number, scale: SliceScale): void {
  const pixels = frame.data.length / frame.samples;
  const wide = isWide(out);
  for (let p = 0; p < pixels; p++) {
    const value = valueAt(frame, p, scale);
    if (scale.checked) checkValue(value, scale.checked);
    if (wide) out[at + p] = BigInt(value);
    else out[at + p] = value;
  }
}

function valueAt(frame: StoredFrame, pixel: number, scale: SliceScale): number {
  const { data, samples } = frame;
  const from = pixel * samples;
  if (scale.component === 'luminance') {
    return 0.3 * data[from] + 0.59 * data[from + 1] + 0.11 * data[from + 2];
  }
  const stored = storedValue(frame, data[from + scale.component]);
  if (!scale.lut) return stored * scale.slope + scale.inter;
  const { values, first } = scale.lut;
  const entry = Math.max(0, Math.min(values.length - 1, stored - first));
  return values[entry] * scale.slope + scale.inter;
}

function storedValue({ bits, shift, signed, samples }: StoredFrame, sample: number): number {
  if (bits === 32 || samples > 1) return sample;
  const up = sample << (32 - bits - shift);
  return signed ? up >> (32 - bits) : up >>> (32 - bits);
}

function checkValue(value: number, type: DType): void {
  const range = RANGE[type];
  const fits = Number.isInteger(value) && (!range || (value >= range[0] && value <= range[1]));
  if (!fits || (type === 'uint64' && value < 0)) {
    throw new VolumeIoError(
      'range',
      `has the value ${value}, which does not fit ${type}; ask for float32 or float64`,
    );
  }
}
