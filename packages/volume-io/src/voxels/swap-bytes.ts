/**
 * Reverses the bytes of every element of `size` (2, 4 or 8) bytes in place. `bytes` must start at a multiple of `size`
 * in its buffer; a remainder shorter than an element is left alone.
 */
export function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 2) {
    const a = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
    for (let n = 0; n < a.length; n++) {
      const v = a[n];
      a[n] = (v >> 8) | (v << 8);
    }
  } else if (size >= 4) {
    const a = new Uint32Array(
      bytes.buffer,
      bytes.byteOffset,
      Math.floor(bytes.byteLength / size) * (size / 4),
    );
    for (let n = 0; n < a.length; n++) {
      const v = a[n];
      a[n] = (v >>> 24) | ((v >>> 8) & 0xff00) | ((v << 8) & 0xff0000) | (v << 24);
    }
    if (size === 8) {
      for (let n = 0; n + 1 < a.length; n += 2) {
        const low = a[n];
        a[n] = a[n + 1];
        a[n + 1] = low;
      }
    }
  }
}

/** Does this machine keep the low byte first? */
export const LITTLE_ENDIAN: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
