/** How bytes are deflated: gzip (RFC 1952), zlib (RFC 1950) or raw (RFC 1951). */
export type Deflated = 'gzip' | 'zlib' | 'raw';

/** How bytes are compressed. */
export type Packing = Deflated | 'bzip2';

/** What bzip2 makes at most of a byte: a block of 900,000 equal runs of four, each followed by 'and 251 more', in 32 bytes. */
export const MAX_BZIP2_RATIO = 2 ** 21;
