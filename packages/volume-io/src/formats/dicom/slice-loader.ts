import type { DType, TypedArray } from '@genesis/core';
import type { ReadVoxelsOpts } from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { throwIfAborted } from '../../bytes/payload.js';
import { allocateVoxels, BYTES } from '../../voxels/stored-type.js';
import { applyPalette } from './colors.js';
import { FrameSource } from './frame-source.js';
import { sliceScaling } from './native-type.js';
import type { SeriesFile } from './series-file.js';
import type { Slice } from './slice.js';
import { type SliceScale, storeSlice } from './store-slice.js';
import { Scratch } from './stored-frame.js';

/** Puts the slices of one volume into its array, which is reserved when the first slice has been decoded. */
export class SliceLoader {
  private out: TypedArray | undefined;
  private readonly idle: Scratch[] = [];
  private readonly pixels: number;
  private readonly slices: readonly Slice[];
  private readonly type: DType;
  private readonly component: number | 'luminance';
  private readonly opts: ReadVoxelsOpts;
  private readonly isNative: boolean;

  constructor(
    slices: readonly Slice[],
    type: DType,
    isNative: boolean,
    component: number | 'luminance',
    opts: ReadVoxelsOpts,
  ) {
    const { image } = slices[0].file;
    this.pixels = image.columns * image.rows;
    this.slices = slices;
    this.type = type;
    this.component = component;
    this.opts = opts;
    this.isNative = isNative;
  }

  async load(file: SeriesFile, source: ByteSource, ks: readonly number[]): Promise<void> {
    const frames = new FrameSource(file, source);
    const scratch = this.idle.pop() ?? new Scratch();
    for (const k of ks) {
      throwIfAborted(this.opts.signal, file.name);
      const slice = this.slices[k];
      if (frames.isPlain && this.isStraight(slice)) {
        const out = this.voxels();
        const bytes = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
        const length = this.pixels * BYTES[this.type];
        await frames.readPlain(slice.frame, bytes.subarray(k * length, (k + 1) * length));
      } else {
        const stored = await frames.frame(slice.frame, scratch);
        const frame = file.palette ? applyPalette(stored, file.palette) : stored;
        storeSlice(frame, this.voxels(), k * this.pixels, this.scale(slice));
      }
    }
    this.idle.push(scratch);
  }

  voxels(): TypedArray {
    const { name } = this.slices[0].file;
    const count = this.pixels * this.slices.length;
    const { out } = this.opts;
    // A region that is less than its slices is cut out of them later.
    this.out ??= out?.length === count ? out : allocateVoxels(this.type, count, name);
    return this.out;
  }

  /** The stored samples are the values. */
  private isStraight(slice: Slice): boolean {
    const { slope, inter } = sliceScaling(slice);
    const { image, palette, modalityLut } = slice.file;
    const stored = image.kind === 'float' ? 'float' : image.signed ? 'int' : 'uint';
    return (
      slope === 1 &&
      inter === 0 &&
      !palette &&
      !modalityLut &&
      this.type === `${stored}${image.bitsAllocated}`
    );
  }

  private scale(slice: Slice): SliceScale {
    const { modalityLut, image } = slice.file;
    const checked = !this.isNative && this.type !== 'float32' && this.type !== 'float64';
    return {
      ...(image.samples === 1 && !slice.file.palette
        ? sliceScaling(slice)
        : { slope: 1, inter: 0 }),
      lut: modalityLut,
      ...(checked ? { checked: this.type } : {}),
      component: this.component,
    };
  }
}
