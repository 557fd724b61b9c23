import type { DType, TypedArray } from '@genesis/core';
import { VolumeIoError } from '../../errors.js';
import { flipLpsRas } from '../../geometry/affine.js';
import { BYTES } from '../../voxels/stored-type.js';
import type { Volume } from '../../voxels/volume.js';

const TYPES: Readonly<Partial<Record<DType, string>>> = {
  float32: 'float',
  float64: 'double',
};

/** The text of an NRRD header with the blank line that ends it. */
export function encodeNrrdHeader(
  volume: Volume<TypedArray>,
  type: DType,
  compressed: boolean,
  description: string,
  keyValues: Readonly<Record<string, string>> = {},
): Uint8Array {
  const lps = flipLpsRas(volume.affine);
  const column = (n: number): string => `(${lps[n]},${lps[4 + n]},${lps[8 + n]})`;
  const lines = [
    'NRRD0004',
    ...(description ? [`content: ${description.replace(/[\r\n]+/g, ' ')}`] : []),
    `type: ${TYPES[type] ?? type}`,
    'dimension: 3',
    'space: left-posterior-superior',
    `sizes: ${volume.data.shape.join(' ')}`,
    `space directions: ${column(0)} ${column(1)} ${column(2)}`,
    'kinds: domain domain domain',
    ...(BYTES[type] > 1 ? ['endian: little'] : []),
    `encoding: ${compressed ? 'gzip' : 'raw'}`,
    `space origin: ${column(3)}`,
    ...Object.entries(keyValues).map(keyValueLine),
    '',
    '',
  ];
  return new TextEncoder().encode(lines.join('\n'));
}

function keyValueLine([key, value]: readonly [string, string]): string {
  if (key === '' || key.startsWith('#') || /:=|[\r\n]/.test(key)) {
    throw new VolumeIoError('bad-argument', `${JSON.stringify(key)} cannot be a key of NRRD`);
  }
  const escaped = value.replaceAll('\\', '\\\\').replace(/\r?\n|\r/g, '\\n');
  return `${key}:=${escaped}`;
}
