import { VolumeIoError } from '../../errors.js';
import type { StoredType } from '../../voxels/stored-type.js';

/** A MetaImage header in its own terms. */
export interface MetaFields {
  type: Exclude<StoredType, 'float16'>;
  dimSize: number[];
  spacing: number[];
  offset: number[];
  /** Row n is the direction of axis n. */
  matrix: number[];
  channels: number;
  little: boolean;
  binary: boolean;
  compressed: boolean;
  headerSize: number;
  dataFile: string;
  /** Lines after `ElementDataFile = LIST`. */
  fileList: string[];
  comment: string;
  modality: string | undefined;
  /** Everything, as it stands. */
  all: Record<string, string>;
}

const TYPES: Readonly<Record<string, MetaFields['type']>> = {
  MET_CHAR: 'int8',
  MET_ASCII_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** Parses the lines up to and including ElementDataFile, and the list after it. Throws VolumeIoError 'corrupt' or 'unsupported'. */
export function parseMetaFields(text: string, file: string): MetaFields {
  const corrupt = (reason: string): never => {
    throw new VolumeIoError('corrupt', reason, { file });
  };
  const all: Record<string, string> = Object.create(null);
  const fileList: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (all.ElementDataFile !== undefined) {
      if (line.trim()) fileList.push(line.trim());
      continue;
    }
    const match = /^\s*(\w+)\s*[=:]\s?(.*?)\s*$/.exec(line);
    if (match) all[match[1]] = match[2];
  }
  const first = (...names: string[]): string | undefined =>
    names.map((name) => all[name]).find((value) => value !== undefined);
  const flag = (...names: string[]): boolean => /^[t1]/i.test(first(...names) ?? '');
  const list = (count: number, fallback: number[], ...names: string[]): number[] => {
    const value = first(...names);
    if (value === undefined || value === '') return fallback;
    const found = value.split(/\s+/).map(Number);
    if (found.length < count || !found.slice(0, count).every(Number.isFinite)) {
      return corrupt(
        `has ${names[0]} = ${JSON.stringify(value)}, where ${count} numbers should be`,
      );
    }
    return found.slice(0, count);
  };
  const objectType = all.ObjectType;
  if (objectType !== undefined && !/^image$/i.test(objectType)) {
    throw new VolumeIoError('unsupported', `is a MetaIO ${objectType}, not an image`, { file });
  }
  const dims = Number(all.NDims ?? corrupt('has no NDims in its header'));
  if (!(Number.isInteger(dims) && dims >= 1 && dims <= 10)) corrupt(`has NDims = ${all.NDims}`);
  const dimSize = list(dims, [], 'DimSize');
  if (dimSize.length !== dims || !dimSize.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    corrupt(`has DimSize = ${JSON.stringify(all.DimSize)} for NDims = ${dims}`);
  }
  const typeName = (all.ElementType ?? corrupt('has no ElementType in its header')).toUpperCase();
  const ones = dimSize.map(() => 1);
  const identity = Array.from({ length: dims * dims }, (_, n) => (n % (dims + 1) === 0 ? 1 : 0));
  const channels = Number(all.ElementNumberOfChannels ?? 1);
  if (!(Number.isSafeInteger(channels) && channels >= 1)) {
    corrupt(`has ElementNumberOfChannels = ${all.ElementNumberOfChannels}`);
  }
  return {
    type:
      TYPES[typeName.replace(/_ARRAY$/, '')] ?? corrupt(`has the unknown ElementType ${typeName}`),
    dimSize,
    spacing: list(dims, ones, ...(all.ElementSpacing ? ['ElementSpacing'] : ['ElementSize'])),
    offset: list(
      dims,
      dimSize.map(() => 0),
      'Offset',
      'Position',
      'Origin',
    ),
    matrix: list(dims * dims, identity, 'TransformMatrix', 'Rotation', 'Orientation'),
    channels,
    little: !flag('BinaryDataByteOrderMSB', 'ElementByteOrderMSB'),
    binary: all.BinaryData === undefined || flag('BinaryData'),
    compressed: flag('CompressedData'),
    headerSize: Number(all.HeaderSize ?? 0) || 0,
    dataFile: all.ElementDataFile ?? corrupt('has no ElementDataFile in its header'),
    fileList,
    comment: all.Comment ?? '',
    modality: all.Modality,
    all,
  };
}
