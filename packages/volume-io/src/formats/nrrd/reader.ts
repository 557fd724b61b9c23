import type { VolumeHeader } from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { BytesSource } from '../../bytes/bytes-source.js';
import { expandFileList } from '../../bytes/file-list.js';
import { type Payload, unpackedTail } from '../../bytes/payload.js';
import { readTextHeader } from '../../bytes/text-header.js';
import { VolumeIoError } from '../../errors.js';
import { worldGeometry } from '../../geometry/world-geometry.js';
import { BYTES } from '../../voxels/stored-type.js';
import { LITTLE_ENDIAN } from '../../voxels/swap-bytes.js';
import { readHexVoxels, readTextVoxels } from '../../voxels/text-voxels.js';
import type { ParsedVolume, VoxelPlan } from '../../voxels/voxel-plan.js';
import type { FormatReader } from '../common/api.js';
import { locateDetached } from '../common/locate-detached.js';
import { planReader } from '../common/plan-reader.js';
import { nrrdAxes } from './axes.js';
import { type NrrdFields, parseNrrdFields } from './fields.js';
import { nrrdAffine } from './geometry.js';

/** NRRD, attached or detached, raw, gzip, bzip2, ascii or hex. Format: teem.sourceforge.net/nrrd/format.html */
export const nrrdReader: FormatReader = planReader(parseNrrd);

async function parseNrrd(source: ByteSource): Promise<ParsedVolume> {
  const file = source.name;
  const found = await readTextHeader(source, (text) => {
    const end = /\r?\n\r?\n/.exec(text);
    if (end) return end.index + end[0].length;
    return text.length >= source.size ? text.length : undefined;
  });
  if (!found) throw new VolumeIoError('corrupt', 'has an NRRD header without an end', { file });
  const fields = parseNrrdFields(found.text, file);
  const notes: string[] = [];
  const axes = nrrdAxes(fields, file);
  const affine = nrrdAffine(fields, axes.spatial, notes, file);
  const { type, sizes } = fields;
  if (
    fields.little === undefined &&
    BYTES[type] > 1 &&
    /raw|gzip|bzip2|hex/.test(fields.encoding)
  ) {
    notes.push('Its header does not say the byte order: the lowest byte first is assumed.');
  }
  const header: VolumeHeader = {
    format: 'nrrd',
    dtype: type,
    shape: axes.shape,
    dims: sizes,
    volumes: axes.volumes,
    components: axes.components,
    ...worldGeometry(affine),
    slope: 1,
    inter: 0,
    byteOrder: fields.little === false ? 'big' : 'little',
    description: fields.content,
    notes,
    fields: {
      type,
      sizes,
      encoding: fields.encoding,
      space: fields.space,
      kinds: fields.kinds,
      dataFile: fields.dataFile,
      ...fields.pairs,
    },
  };
  return {
    header,
    plan: async (): Promise<VoxelPlan> => ({
      ...(await nrrdPayload(source, fields, found.bytes)),
      type,
      shape: axes.shape,
      order: 'ijk',
      volumes: axes.volumes,
      components: axes.components,
      componentStride: axes.componentStride,
      slope: 1,
      inter: 0,
    }),
  };
}

type Located = Pick<VoxelPlan, 'payload' | 'offset' | 'byteOrder'>;

/** Finds the voxels: skips lines in the file as it is, and bytes after decompression. */
async function nrrdPayload(
  source: ByteSource,
  fields: NrrdFields,
  headerBytes: number,
): Promise<Located> {
  const promised = fields.sizes.reduce((all, n) => all * n, BYTES[fields.type]);
  if (fields.dataFile === undefined) return locate(source, fields, headerBytes, promised);
  const names = dataFiles(fields, source.name);
  const apart = fields.lineSkip !== 0 || fields.byteSkip !== 0 || fields.encoding !== 'raw';
  return locateDetached(source, names, apart, promised, (part, bytes) =>
    locate(part, fields, 0, bytes),
  );
}

/** The place of `promised` bytes of voxels in one file. */
async function locate(
  data: ByteSource,
  fields: NrrdFields,
  from: number,
  promised: number,
): Promise<Located> {
  const byteOrder = fields.little === false ? 'big' : 'little';
  const start = await skipLines(data, from, fields.lineSkip);
  const payload: Payload = { source: data, start, length: Math.max(0, data.size - start) };
  if (fields.byteSkip < -1) {
    throw new VolumeIoError('corrupt', `has a byte skip of ${fields.byteSkip}`, {
      file: data.name,
    });
  }
  const fromEnd = fields.byteSkip === -1;
  const inMemory = (bytes: Uint8Array, order: 'little' | 'big'): Located => ({
    payload: { source: new BytesSource(bytes, data.name), start: 0, length: bytes.byteLength },
    offset: 0,
    byteOrder: order,
  });
  const native = LITTLE_ENDIAN ? 'little' : 'big';
  switch (fields.encoding) {
    case 'raw': {
      const offset = fromEnd ? payload.length - promised : fields.byteSkip;
      return { payload, offset: requireOffset(offset, data.name), byteOrder };
    }
    case 'gzip':
    case 'bzip2': {
      const packing = fields.encoding === 'bzip2' ? 'bzip2' : await gzipOrZlib(payload);
      const packed: Payload = { ...payload, packing };
      if (!fromEnd) return { payload: packed, offset: fields.byteSkip, byteOrder };
      const bytes = await unpackedTail(packed, promised);
      return inMemory(
        bytes.subarray(requireOffset(bytes.byteLength - promised, data.name)),
        byteOrder,
      );
    }
    case 'ascii': {
      const from = start + Math.max(0, fields.byteSkip);
      return inMemory(
        await readTextVoxels(data, from, fields.type, promised / BYTES[fields.type]),
        native,
      );
    }
    case 'hex': {
      const from = start + Math.max(0, fields.byteSkip);
      return inMemory(await readHexVoxels(data, from, promised), byteOrder);
    }
  }
}

function requireOffset(offset: number, file: string): number {
  if (offset >= 0) return offset;
  throw new VolumeIoError('truncated', 'holds fewer bytes than its header promises', { file });
}

async function gzipOrZlib(payload: Payload): Promise<'gzip' | 'zlib'> {
  const head = await payload.source.read(payload.start, 2);
  return head[0] === 0x78 ? 'zlib' : 'gzip';
}

async function skipLines(source: ByteSource, start: number, lines: number): Promise<number> {
  let at = start;
  for (let left = lines; left > 0; ) {
    const piece = await source.read(at, 4096);
    if (piece.byteLength === 0) {
      throw new VolumeIoError('truncated', `has fewer than the ${lines} lines to skip`, {
        file: source.name,
      });
    }
    let n = 0;
    while (n < piece.byteLength && left > 0) if (piece[n++] === 10) left--;
    at += n;
  }
  return at;
}

function dataFiles(fields: NrrdFields, file: string): readonly string[] {
  const named = fields.dataFile!;
  if (/^LIST\b/.test(named)) return fields.fileList;
  return expandFileList(named, file) ?? [named];
}
