import type { Vec3 } from '@genesis/core';
import type { Affine, VolumeHeader } from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { BytesSource } from '../../bytes/bytes-source.js';
import { expandFileList } from '../../bytes/file-list.js';
import { isGzip } from '../../bytes/names.js';
import type { Payload } from '../../bytes/payload.js';
import { readTextHeader } from '../../bytes/text-header.js';
import { VolumeIoError } from '../../errors.js';
import { flipLpsRas } from '../../geometry/affine.js';
import {
  axisNames,
  isUsableAffine,
  isUsableLength,
  repairAffine,
} from '../../geometry/usable-affine.js';
import { worldGeometry } from '../../geometry/world-geometry.js';
import { BYTES } from '../../voxels/stored-type.js';
import { LITTLE_ENDIAN } from '../../voxels/swap-bytes.js';
import { readTextVoxels } from '../../voxels/text-voxels.js';
import type { ParsedVolume, VoxelPlan } from '../../voxels/voxel-plan.js';
import type { FormatReader } from '../common/api.js';
import { locateDetached } from '../common/locate-detached.js';
import { planReader } from '../common/plan-reader.js';
import { type MetaFields, parseMetaFields } from './fields.js';

/** MetaImage: .mha, and .mhd with raw or zraw beside it (LUNA16's form). */
export const metaImageReader: FormatReader = planReader(parseMetaImage);

const DATA_FILE = /^[ \t]*ElementDataFile[ \t]*[=:][ \t]*([^\r\n]*)(\r?\n|$)/m;

async function parseMetaImage(source: ByteSource): Promise<ParsedVolume> {
  const file = source.name;
  const found = await readTextHeader(source, (text) => {
    const last = DATA_FILE.exec(text);
    if (!last) return undefined;
    // A list of files goes on to the end.
    if (/^LIST/.test(last[1])) return text.length >= source.size ? text.length : undefined;
    const end = last.index + last[0].length;
    return end < text.length || text.length >= source.size ? end : undefined;
  });
  if (!found) {
    throw new VolumeIoError(
      'corrupt',
      'has no ElementDataFile line, so it is no MetaImage header',
      {
        file,
      },
    );
  }
  const fields = parseMetaFields(found.text, file);
  const { dimSize, type } = fields;
  const shape: Vec3 = [dimSize[0], dimSize[1] ?? 1, dimSize[2] ?? 1];
  const notes: string[] = [];
  const affine = metaAffine(fields, notes);
  const header: VolumeHeader = {
    format: 'metaimage',
    dtype: type,
    shape,
    dims: dimSize,
    volumes: dimSize.slice(3).reduce((all, n) => all * n, 1),
    components: fields.channels,
    ...worldGeometry(affine),
    slope: 1,
    inter: 0,
    byteOrder: fields.little ? 'little' : 'big',
    description: fields.comment,
    notes,
    fields: { ...fields.all },
  };
  const modality = fields.modality?.replace(/^MET_MOD_/, '');
  if (modality && !/^(UNKNOWN|OTHER)$/.test(modality)) header.modality = modality;
  return {
    header,
    plan: async (): Promise<VoxelPlan> => ({
      ...(await metaPayload(source, fields, found.bytes)),
      type,
      shape,
      order: 'ijk',
      volumes: header.volumes,
      components: header.components,
      componentStride: 1,
      slope: 1,
      inter: 0,
    }),
  };
}

/** Rows of TransformMatrix are the axes' directions, in LPS. */
function metaAffine(fields: MetaFields, notes: string[]): Affine {
  const dims = fields.dimSize.length;
  const axes = [0, 1, 2].slice(0, dims);
  const without = axes.filter((axis) => !isUsableLength(Math.abs(fields.spacing[axis])));
  if (without.length > 0) {
    const given = without.map((axis) => fields.spacing[axis]).join(', ');
    notes.push(
      `Its ElementSpacing is none (${given} along ${axisNames(without)}); 1 mm was taken.`,
    );
  }
  const lps = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  for (const row of axes) {
    for (const axis of axes) {
      const spacing = without.includes(axis) ? 1 : fields.spacing[axis];
      lps[row * 4 + axis] = fields.matrix[axis * dims + row] * spacing;
    }
    lps[row * 4 + 3] = fields.offset[row];
  }
  if (isUsableAffine(lps)) return flipLpsRas(lps);
  const repaired = repairAffine(lps);
  notes.push(
    `Its TransformMatrix cannot place voxels, because axes have no usable length or are not independent: the directions of ${axisNames(repaired.axes)} were passed over.`,
  );
  return flipLpsRas(repaired.affine);
}

type Located = Pick<VoxelPlan, 'payload' | 'offset' | 'byteOrder'>;

async function metaPayload(
  source: ByteSource,
  fields: MetaFields,
  headerBytes: number,
): Promise<Located> {
  const promised = fields.dimSize.reduce((all, n) => all * n, fields.channels * BYTES[fields.type]);
  if (/^local$/i.test(fields.dataFile)) return locate(source, fields, headerBytes, promised);
  const names = dataFiles(fields, source.name);
  const plain = fields.binary && !fields.compressed && fields.headerSize === 0;
  return locateDetached(source, names, !plain, promised, (part, bytes) =>
    locate(part, fields, 0, bytes),
  );
}

/** The place of `promised` bytes of voxels in one file. */
async function locate(
  data: ByteSource,
  fields: MetaFields,
  start: number,
  promised: number,
): Promise<Located> {
  const payload: Payload = { source: data, start, length: Math.max(0, data.size - start) };
  const byteOrder = fields.little ? 'little' : 'big';
  if (!fields.binary) {
    const bytes = await readTextVoxels(data, start, fields.type, promised / BYTES[fields.type]);
    return {
      payload: { source: new BytesSource(bytes, data.name), start: 0, length: bytes.byteLength },
      offset: 0,
      byteOrder: LITTLE_ENDIAN ? 'little' : 'big',
    };
  }
  if (fields.compressed) {
    // The stream knows its own end; a size that is too small would cut voxels off.
    const packing = isGzip(await data.read(start, 3)) ? 'gzip' : 'zlib';
    return { payload: { ...payload, packing }, offset: Math.max(0, fields.headerSize), byteOrder };
  }
  const fromEnd = payload.length - promised;
  if (fields.headerSize < -1 || (fields.headerSize === -1 && fromEnd < 0)) {
    throw new VolumeIoError('truncated', 'holds fewer bytes than its header promises', {
      file: data.name,
    });
  }
  return { payload, offset: fields.headerSize === -1 ? fromEnd : fields.headerSize, byteOrder };
}

function dataFiles({ dataFile, fileList, dimSize }: MetaFields, file: string): readonly string[] {
  if (/^LIST\b/i.test(dataFile)) return fileList;
  // A pattern may leave its numbers out: one file a slice, counted from 1.
  const [pattern, first = '1', last, step = '1'] = dataFile.split(/\s+/);
  const end = last ?? Number(first) + dimSize.at(-1)! - 1;
  return expandFileList(`${pattern} ${first} ${end} ${step}`, file) ?? [dataFile];
}
