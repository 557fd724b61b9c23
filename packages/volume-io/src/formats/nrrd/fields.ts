import { VolumeIoError } from '../../errors.js';
import type { StoredType } from '../../voxels/stored-type.js';

/** The parts of an NRRD header that say where voxels are and what they mean. */
export interface NrrdFields {
  type: Exclude<StoredType, 'float16'>;
  sizes: number[];
  encoding: 'raw' | 'gzip' | 'bzip2' | 'ascii' | 'hex';
  little: boolean | undefined;
  space: string | undefined;
  /** One a axis; undefined for 'none'. */
  directions: (number[] | undefined)[] | undefined;
  origin: number[] | undefined;
  spacings: number[] | undefined;
  axisMins: number[] | undefined;
  axisMaxs: number[] | undefined;
  centerings: string[] | undefined;
  kinds: string[] | undefined;
  dataFile: string | undefined;
  /** Lines after `data file: LIST`. */
  fileList: string[];
  lineSkip: number;
  byteSkip: number;
  content: string;
  /** Key/value pairs. */
  pairs: Record<string, string>;
}

const TYPES: Readonly<Record<string, NrrdFields['type']>> = Object.fromEntries(
  Object.entries({
    int8: 'signed char|int8|int8_t|char',
    uint8: 'uchar|unsigned char|uint8|uint8_t',
    int16: 'short|short int|signed short|signed short int|int16|int16_t',
    uint16: 'ushort|unsigned short|unsigned short int|uint16|uint16_t',
    int32: 'int|signed int|int32|int32_t',
    uint32: 'uint|unsigned int|uint32|uint32_t',
    int64: 'longlong|long long|long long int|signed long long|signed long long int|int64|int64_t',
    uint64: 'ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t',
    float32: 'float',
    float64: 'double',
  } satisfies Partial<Record<NrrdFields['type'], string>>).flatMap(([type, names]) =>
    names.split('|').map((name) => [name, type as NrrdFields['type']]),
  ),
);

const ENCODINGS: Readonly<Record<string, NrrdFields['encoding']>> = {
  raw: 'raw',
  txt: 'ascii',
  text: 'ascii',
  ascii: 'ascii',
  hex: 'hex',
  gz: 'gzip',
  gzip: 'gzip',
  bz2: 'bzip2',
  bzip2: 'bzip2',
};

/** Parses the lines of a header (without the blank line that ends it). Throws VolumeIoError 'corrupt' or 'unsupported'. */
export function parseNrrdFields(text: string, file: string): NrrdFields {
  const corrupt = (reason: string): never => {
    throw new VolumeIoError('corrupt', reason, { file });
  };
  const fields = new Map<string, string>();
  const pairs: Record<string, string> = Object.create(null);
  const fileList: string[] = [];
  let inList = false;
  for (const line of text.split(/\r?\n/).slice(1)) {
    if (inList) {
      if (line.trim()) fileList.push(line.trim());
      continue;
    }
    if (line.startsWith('#') || line.trim() === '') continue;
    const pair = /^(.*?[^:]):=(.*)$/.exec(line);
    if (pair) {
      pairs[pair[1].trim()] = pair[2].trim();
      continue;
    }
    const field = /^([^:]+):(.*)$/.exec(line);
    if (!field)
      return corrupt(`has the header line ${JSON.stringify(line.slice(0, 80))}, which is no field`);
    const name = field[1].trim().toLowerCase().replaceAll(' ', '');
    const value = field[2].trim();
    fields.set(name, value);
    if (name === 'datafile' && /^LIST\b/.test(value)) inList = true;
  }
  const required = (name: string): string =>
    fields.get(name) ?? corrupt(`has no ${name} in its header`);
  const typeName = required('type').toLowerCase();
  if (typeName === 'block') {
    throw new VolumeIoError('unsupported', 'holds voxels of type block, which cannot be read', {
      file,
    });
  }
  const dimension = Number(required('dimension'));
  const sizes = numbers(required('sizes'));
  if (sizes.length !== dimension || !sizes.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    return corrupt(`has the sizes ${JSON.stringify(required('sizes'))} for dimension ${dimension}`);
  }
  const list = (name: string): number[] | undefined => {
    const value = fields.get(name);
    return value === undefined ? undefined : numbers(value);
  };
  const directions = fields.get('spacedirections');
  const skip = (name: string, other: string): number => {
    const value = Number(fields.get(name) ?? fields.get(other) ?? 0);
    return Number.isSafeInteger(value) ? value : corrupt(`has a ${name} that is no whole number`);
  };
  const endian = fields.get('endian')?.toLowerCase();
  return {
    type: TYPES[typeName] ?? corrupt(`has the unknown type ${JSON.stringify(typeName)}`),
    sizes,
    encoding:
      ENCODINGS[required('encoding').toLowerCase()] ??
      corrupt(`has the unknown encoding ${JSON.stringify(required('encoding'))}`),
    little: endian === undefined ? undefined : endian === 'little',
    space: fields.get('space')?.toLowerCase(),
    directions:
      directions === undefined
        ? undefined
        : (parseVectors(directions, sizes.length) ??
          corrupt('has space directions that do not fit its axes')),
    origin: parseVectors(fields.get('spaceorigin') ?? '', 1)?.[0],
    spacings: list('spacings'),
    axisMins: list('axismins'),
    axisMaxs: list('axismaxs'),
    centerings: words(fields.get('centerings') ?? fields.get('centers')),
    kinds: words(fields.get('kinds')),
    dataFile: fields.get('datafile'),
    fileList,
    lineSkip: skip('lineskip', 'line skip'),
    byteSkip: skip('byteskip', 'byte skip'),
    content: fields.get('content') ?? '',
    pairs,
  };
}

function numbers(text: string): number[] {
  return (words(text) ?? []).map(toNumber);
}

/** NaN, which NRRD uses for 'unknown', also for what is no number. */
function toNumber(word: string): number {
  const infinity = /^\s*([+-]?)inf(inity)?\s*$/i.exec(word);
  return infinity ? Number(`${infinity[1]}Infinity`) : Number(word);
}

function words(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : text.split(/\s+/).filter((word) => word !== '');
}

function parseVectors(text: string, count: number): (number[] | undefined)[] | undefined {
  const found = text.match(/\([^)]*\)|none/gi) ?? [];
  if (found.length !== count) return undefined;
  return found.map((item) =>
    item.toLowerCase() === 'none' ? undefined : item.slice(1, -1).split(',').map(toNumber),
  );
}
