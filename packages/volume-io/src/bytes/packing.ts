/** How bytes are compressed: gzip (RFC 1952), zlib (RFC 1950) or raw deflate (RFC 1951). */
export type Packing = 'gzip' | 'zlib' | 'raw';
