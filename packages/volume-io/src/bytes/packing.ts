/** How bytes are compressed: gzip (RFC 1952), zlib (RFC 1950) or raw deflate (RFC 1951). */
export type Packing = 'gzip' | 'zlib' | 'raw';

/** Deflate cannot expand further than this, so a larger promise is a lie. */
export const MAX_DEFLATE_RATIO = 1032;
