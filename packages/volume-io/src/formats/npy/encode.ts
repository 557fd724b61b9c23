import type { DType } from '@genesis/core';
import { BYTES } from '../../voxels/stored-type.js';

const LETTERS = { i: 'int', u: 'uint', f: 'float' } as const;

/** numpy's name of a type, low byte first: '<i2', '|u1'. */
export function npyDescr(type: DType): string {
  const letter = Object.entries(LETTERS).find(([, name]) => type.replace(/\d+$/, '') === name)![0];
  return `${BYTES[type] === 1 ? '|' : '<'}${letter}${BYTES[type]}`;
}

/** An .npy header, version 1.0, of an array whose first axis is the fastest, padded so that the voxels start at a multiple of 64. */
export function encodeNpyHeader(type: DType, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${npyDescr(type)}', 'fortran_order': True, 'shape': (${sizes}), }`;
  const total = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const text = `\x93NUMPY\x01\x00  ${dict.padEnd(total - 11)}\n`;
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  new DataView(bytes.buffer).setUint16(8, total - 10, true);
  return bytes;
}
