import type { Vec3 } from '@genesis/core';
import type { ByteSource } from '../../bytes/api.js';
import { latin1 } from '../../bytes/text-header.js';
import { VolumeIoError } from '../../errors.js';
import type { StoredType } from '../../voxels/stored-type.js';

export interface NpyHeader {
  /** numpy's own name, e.g. '<f8', '|b1'. */
  descr: string;
  type: StoredType;
  byteOrder: 'little' | 'big';
  fortranOrder: boolean;
  shape: number[];
  /** Where the elements start. */
  offset: number;
}

const TYPES: Readonly<Record<string, StoredType>> = {
  b1: 'uint8',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** Reads the header of an .npy (versions 1 to 3). Throws VolumeIoError 'corrupt', 'truncated' or 'unsupported'. */
export async function readNpyHeader(source: ByteSource): Promise<NpyHeader> {
  const file = source.name;
  const start = await source.read(0, 12);
  if (start.byteLength < 12) {
    throw new VolumeIoError('truncated', 'ends within its NPY header', { file });
  }
  const view = new DataView(start.buffer, start.byteOffset, 12);
  const wide = start[6] >= 2;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const from = wide ? 12 : 10;
  if (length > 1 << 20 || from + length > source.size) {
    throw new VolumeIoError('corrupt', `says that its NPY header has ${length} bytes`, { file });
  }
  const text = latin1(await source.read(from, length));
  return { ...parseDict(text, file), offset: from + length };
}

/** The header is a Python dictionary of three known keys, so three patterns read it without a Python parser. */
function parseDict(text: string, file: string): Omit<NpyHeader, 'offset'> {
  const descr = /['"]descr['"]\s*:\s*(?:'([^']*)'|"([^"]*)"|(\[))/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shape = /['"]shape['"]\s*:\s*\(([^)]*)\)/.exec(text);
  if (!descr || !order || !shape) {
    throw new VolumeIoError('corrupt', 'has an NPY header that cannot be understood', { file });
  }
  const name = descr[1] ?? descr[2] ?? 'a structure';
  const match = /^([<>|=]?)([a-zA-Z]\d+)$/.exec(name);
  const type = match ? TYPES[match[2]] : undefined;
  if (!type) {
    throw new VolumeIoError(
      'unsupported',
      `holds elements of numpy type ${name}, which cannot be read`,
      {
        file,
      },
    );
  }
  const sizes = shape[1]
    .split(',')
    .map((s) => s.trim().replace(/L$/, ''))
    .filter((s) => s !== '')
    .map(Number);
  if (sizes.length === 0 || !sizes.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw new VolumeIoError(
      'unsupported',
      `has the shape (${shape[1].trim()}), which is no volume`,
      {
        file,
      },
    );
  }
  return {
    descr: name,
    type,
    byteOrder: match![1] === '>' ? 'big' : 'little',
    fortranOrder: order[1] === 'True',
    shape: sizes,
  };
}

/**
 * Which axes of an array are the volume: the last three, after axes of length 1 were left out as long as more than
 * three remain. (n, 64, 64, 32) is n volumes; (64, 64, 32, 1) is one.
 */
export function npyVolumeAxes(shape: readonly number[]): { shape: Vec3; volumes: number } {
  const sizes = [...shape];
  for (let axis = sizes.length - 1; axis >= 0 && sizes.length > 3; axis--) {
    if (sizes[axis] === 1) sizes.splice(axis, 1);
  }
  while (sizes.length < 3) sizes.push(1);
  const at = sizes.length - 3;
  return {
    shape: [sizes[at], sizes[at + 1], sizes[at + 2]],
    volumes: sizes.slice(0, at).reduce((all, n) => all * n, 1),
  };
}
