import type { ByteSource } from '../../bytes/api.js';
import { unpackedHead } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import { nativeBytes } from './frame-source.js';
import { deflatedPayload } from './read-head.js';
import type { SeriesFile } from './series-file.js';

/**
 * Why a file whose head is whole cannot be read for all that: it was cut within its pixel data. Of compressed pixels only
 * the lengths of their parts are read; what is damaged inside is found when it is decoded.
 */
export async function findCut(
  file: SeriesFile,
  source: ByteSource,
): Promise<VolumeIoError | undefined> {
  const { pixels, deflatedAt } = file;
  if (pixels.undefinedLength) return (await endsWhole(file, source)) ? undefined : cut(source);
  const needed = nativeBytes(file);
  if (pixels.length < needed) return cut(source, needed, pixels.length);
  if (deflatedAt === undefined) {
    const there = Math.max(0, source.size - pixels.start);
    return there < needed ? cut(source, needed, there) : undefined;
  }
  try {
    const whole = pixels.start + needed;
    const { length } = await unpackedHead(deflatedPayload(source, deflatedAt), whole);
    return length < whole ? cut(source, needed, Math.max(0, length - pixels.start)) : undefined;
  } catch (error) {
    if (error instanceof VolumeIoError) return error;
    throw error;
  }
}

function cut(source: ByteSource, needed?: number, there?: number): VolumeIoError {
  const how =
    needed === undefined
      ? 'its compressed pixel data ends too early'
      : `the image needs ${needed} bytes of pixel data, but the file holds ${there}`;
  return new VolumeIoError('truncated', `was cut short: ${how}`, { file: source.name });
}

const ITEM = 0xe000;
const DELIMITER = 0xe0dd;

/** Goes from item to item of encapsulated pixel data: is the last one there, and are there enough? */
async function endsWhole({ pixels, image }: SeriesFile, source: ByteSource): Promise<boolean> {
  const { size } = source;
  // Nearly every file ends with the delimiter of its pixel data.
  if (size >= pixels.start + 8 && (await elementAt(source, size - 8)) === DELIMITER) return true;
  let items = 0;
  let at = pixels.start;
  while (at + 8 <= size) {
    const element = await elementAt(source, at);
    if (element === DELIMITER) return true;
    // Something else than items: reading says what is wrong.
    if (element !== ITEM) return true;
    const head = await source.read(at + 4, 4);
    at += 8 + new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
    items++;
  }
  // The first item is the table of offsets. A file may lack the delimiter alone.
  return at === size && items > image.frames;
}

/** The element number when an item's tag stands there. */
async function elementAt(source: ByteSource, at: number): Promise<number | undefined> {
  const tag = await source.read(at, 4);
  if (tag.byteLength < 4 || tag[0] !== 0xfe || tag[1] !== 0xff) return undefined;
  return tag[2] | (tag[3] << 8);
}
