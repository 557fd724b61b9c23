import { broken } from './broken.js';

/** Two's complement, little-endian; a number when it is exact as one. */
export function longValue(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  if (bytes.length > 0 && bytes[bytes.length - 1] & 0x80) value -= 1n << BigInt(8 * bytes.length);
  return exact(value);
}

/** The argument of the text opcodes INT and LONG; '00' and '01' are booleans. */
export function decimal(text: string): boolean | number | bigint {
  if (text === '00') return false;
  if (text === '01') return true;
  const digits = text.replace(/L$/, '');
  if (!/^-?\d{1,300}$/.test(digits)) throw broken(`'${text.slice(0, 20)}' is no number`);
  return exact(BigInt(digits));
}

function exact(value: bigint): number | bigint {
  return BigInt.asIntN(53, value) === value ? Number(value) : value;
}
