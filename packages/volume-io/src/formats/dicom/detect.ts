import type { Encoding } from './dataset.js';

const VRS = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' ',
  ),
);

/** Where the first element lies: after the preamble and 'DICM', after a bare 'DICM', or at 0. */
export function firstElementOffset(head: Uint8Array): number {
  if (hasMagic(head, 128)) return 132;
  if (hasMagic(head, 0)) return 4;
  return 0;
}

/** Whether the first bytes of a file are DICOM, with or without the preamble. */
export function isDicom(head: Uint8Array): boolean {
  return hasMagic(head, 128) || hasMagic(head, 0) || looksLikeBareDataSet(head);
}

/** The encoding of a data set, judged by its first element. */
export function guessEncoding(head: Uint8Array, at: number): Encoding {
  const [a, b] = [head[at] ?? 0, head[at + 1] ?? 0];
  return { littleEndian: ((b << 8) | a) <= ((a << 8) | b), explicit: vrAt(head, at + 4) };
}

/** Whether two bytes are the letters of a value representation. */
export function vrAt(head: Uint8Array, at: number): boolean {
  return VRS.has(String.fromCharCode(head[at] ?? 0, head[at + 1] ?? 0));
}

/** A file that starts with its first element: group 2 or 8, an element number and a length that make sense. */
function looksLikeBareDataSet(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const { littleEndian, explicit } = guessEncoding(head, 0);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const group = view.getUint16(0, littleEndian);
  const element = view.getUint16(2, littleEndian);
  if (group !== 2 && group !== 8) return false;
  if (explicit) return element <= 0x1200;
  // Implicit: nothing but small numbers speaks for it, so the second element must be in place as well.
  const length = view.getUint32(4, littleEndian);
  if (element > 0x1200 || length > 512 || 8 + length + 4 > head.length) return false;
  const nextGroup = view.getUint16(8 + length, littleEndian);
  const nextElement = view.getUint16(8 + length + 2, littleEndian);
  return nextGroup === group ? nextElement > element : group < nextGroup && nextGroup <= 0x20;
}

function hasMagic(head: Uint8Array, at: number): boolean {
  return (
    head[at] === 0x44 && head[at + 1] === 0x49 && head[at + 2] === 0x43 && head[at + 3] === 0x4d
  );
}
