import { VolumeIoError } from '../../errors.js';
import type { ImageAttributes } from './image-attributes.js';
import type { Palette } from './lookup-tables.js';
import type { StoredFrame } from './stored-frame.js';

/** Frames whose samples are RGB already; JPEG 2000 undoes its own two colour transforms. */
const RGB = new Set(['RGB', 'YBR_RCT', 'YBR_ICT']);

/** Colour frames as RGB; frames of one sample as they are. Throws VolumeIoError 'unsupported' for other colour models. */
export function convertColors(
  frame: StoredFrame,
  photometric: string,
  image: Pick<ImageAttributes, 'bitsAllocated'>,
): StoredFrame {
  if (frame.samples !== 3 || RGB.has(photometric)) return frame;
  if (photometric !== 'YBR_FULL' && photometric !== 'YBR_FULL_422') {
    throw new VolumeIoError('unsupported', `DICOM images of the colour model ${photometric}`);
  }
  if (image.bitsAllocated !== 8) {
    throw new VolumeIoError('unsupported', `${photometric} colours of ${image.bitsAllocated} bits`);
  }
  const { data } = frame;
  const out = new Uint8Array(data.length);
  for (let n = 0; n < data.length; n += 3) {
    const y = data[n];
    const cb = data[n + 1] - 128;
    const cr = data[n + 2] - 128;
    out[n] = clamp(y + 1.402 * cr);
    out[n + 1] = clamp(y - ((0.114 * 1.772) / 0.587) * cb - ((0.299 * 1.402) / 0.587) * cr);
    out[n + 2] = clamp(y + 1.772 * cb);
  }
  return { ...frame, data: out };
}

/** Rounds halves up, as the colour equations of PS3.3, C.7.6.3.1.2 are commonly computed. */
function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.floor(value + 0.5)));
}

/** The colours of a palette frame. */
export function applyPalette(frame: StoredFrame, palette: Palette): StoredFrame {
  const { data } = frame;
  const last = palette.red.length - 1;
  const Samples = palette.bits > 8 ? Uint16Array : Uint8Array;
  const out = new Samples(data.length * 3);
  for (let n = 0; n < data.length; n++) {
    const entry = Math.max(0, Math.min(last, data[n] - palette.first));
    out[3 * n] = palette.red[entry];
    out[3 * n + 1] = palette.green[entry];
    out[3 * n + 2] = palette.blue[entry];
  }
  return { data: out, samples: 3, bits: 32, shift: 0, signed: false };
}
