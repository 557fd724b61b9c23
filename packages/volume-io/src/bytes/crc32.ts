const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c >>> 0;
});

/** CRC-32 of zip and gzip; `previous` continues an earlier one. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let c = ~previous;
  for (let n = 0; n < bytes.length; n++) c = (c >>> 8) ^ TABLE[(c ^ bytes[n]) & 255];
  return ~c >>> 0;
}
