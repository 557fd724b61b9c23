import { VolumeIoError } from '../../../../errors.js';
import type { JpegComponent, JpegFrame } from './api.js';

const PROCESSES: Record<number, { process: JpegFrame['process']; precisions: readonly number[] }> =
  {
    192: { process: 'sequential', precisions: [8] },
    193: { process: 'sequential', precisions: [8, 12] },
    194: { process: 'progressive', precisions: [8, 12] },
    195: { process: 'lossless', precisions: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] },
  };

/** Reads a start-of-frame segment (markers C0…C3). Throws VolumeIoError 'unsupported' for other processes. */
export function readFrame(marker: number, body: Uint8Array): JpegFrame {
  const kind = PROCESSES[marker];
  if (!kind) {
    const name = marker >= 0xc9 ? 'arithmetic-coded' : 'hierarchical';
    throw new VolumeIoError('unsupported', `${name} JPEG`);
  }
  const precision = body[0] ?? 0;
  const height = (body[1] << 8) | body[2];
  const width = (body[3] << 8) | body[4];
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count || count < 1 || count > 4) {
    throw new VolumeIoError('corrupt', 'the JPEG frame header is broken');
  }
  if (!kind.precisions.includes(precision)) {
    throw new VolumeIoError('corrupt', `JPEG samples of ${precision} bits do not exist`);
  }
  if (width === 0 || height === 0) {
    throw new VolumeIoError('unsupported', 'JPEG data that does not state its size');
  }
  const components: JpegComponent[] = Array.from({ length: count }, (_, n) => {
    const at = 6 + 3 * n;
    const [h, v] = [body[at + 1] >> 4, body[at + 1] & 15];
    if (h < 1 || h > 4 || v < 1 || v > 4) {
      throw new VolumeIoError('corrupt', 'a JPEG component states an impossible sampling');
    }
    return {
      id: body[at],
      h,
      v,
      quantId: body[at + 2],
      width: 0,
      height: 0,
      blocksWide: 0,
      blocksHigh: 0,
    };
  });
  const maxH = Math.max(...components.map((c) => c.h));
  const maxV = Math.max(...components.map((c) => c.v));
  for (const c of components) {
    c.width = Math.ceil((width * c.h) / maxH);
    c.height = Math.ceil((height * c.v) / maxV);
    c.blocksWide = Math.ceil(width / (8 * maxH)) * c.h;
    c.blocksHigh = Math.ceil(height / (8 * maxV)) * c.v;
  }
  return { process: kind.process, precision, width, height, components, maxH, maxV };
}
