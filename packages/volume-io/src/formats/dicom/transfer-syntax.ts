/** How pixel data is packed. */
export type PixelCodec = 'native' | 'rle' | 'deflate' | 'jpeg' | 'jpegls' | 'jpeg2000';

export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicit: boolean;
  readonly littleEndian: boolean;
  readonly deflated: boolean;
  readonly codec: PixelCodec;
}

const syntax = (
  uid: string,
  name: string,
  codec: PixelCodec,
  more: Partial<TransferSyntax> = {},
): TransferSyntax => ({
  uid,
  name,
  explicit: true,
  littleEndian: true,
  deflated: false,
  codec,
  ...more,
});

export const IMPLICIT_LITTLE = syntax('1.2.840.10008.1.2', 'Implicit VR Little Endian', 'native', {
  explicit: false,
});
export const EXPLICIT_LITTLE = syntax('1.2.840.10008.1.2.1', 'Explicit VR Little Endian', 'native');
export const EXPLICIT_BIG = syntax('1.2.840.10008.1.2.2', 'Explicit VR Big Endian', 'native', {
  littleEndian: false,
});

export const GE_PRIVATE = '1.2.840.113619.5.2';

const SYNTAXES: readonly TransferSyntax[] = [
  IMPLICIT_LITTLE,
  EXPLICIT_LITTLE,
  EXPLICIT_BIG,
  // GE's own syntax: the header is implicit little endian, the pixel data big endian.
  syntax(GE_PRIVATE, 'GE Private Implicit VR Big Endian DLX', 'native', {
    explicit: false,
    littleEndian: false,
  }),
  syntax('1.2.840.10008.1.2.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', 'native'),
  syntax('1.2.840.10008.1.2.1.99', 'Deflated Explicit VR Little Endian', 'native', {
    deflated: true,
  }),
  syntax('1.2.840.10008.1.2.4.50', 'JPEG Baseline (Process 1)', 'jpeg'),
  syntax('1.2.840.10008.1.2.4.51', 'JPEG Extended (Process 2 & 4)', 'jpeg'),
  syntax('1.2.840.10008.1.2.4.53', 'JPEG Spectral Selection (Process 6 & 8)', 'jpeg'),
  syntax('1.2.840.10008.1.2.4.55', 'JPEG Full Progression (Process 10 & 12)', 'jpeg'),
  syntax('1.2.840.10008.1.2.4.57', 'JPEG Lossless (Process 14)', 'jpeg'),
  syntax('1.2.840.10008.1.2.4.70', 'JPEG Lossless, First-Order Prediction', 'jpeg'),
  syntax('1.2.840.10008.1.2.4.80', 'JPEG-LS Lossless', 'jpegls'),
  syntax('1.2.840.10008.1.2.4.81', 'JPEG-LS Near-Lossless', 'jpegls'),
  syntax('1.2.840.10008.1.2.4.90', 'JPEG 2000 Lossless Only', 'jpeg2000'),
  syntax('1.2.840.10008.1.2.4.91', 'JPEG 2000', 'jpeg2000'),
  syntax('1.2.840.10008.1.2.4.92', 'JPEG 2000 Part 2 Lossless Only', 'jpeg2000'),
  syntax('1.2.840.10008.1.2.4.93', 'JPEG 2000 Part 2', 'jpeg2000'),
  syntax('1.2.840.10008.1.2.4.201', 'High-Throughput JPEG 2000 Lossless Only', 'jpeg2000'),
  syntax('1.2.840.10008.1.2.4.202', 'High-Throughput JPEG 2000 RPCL Lossless Only', 'jpeg2000'),
  syntax('1.2.840.10008.1.2.4.203', 'High-Throughput JPEG 2000', 'jpeg2000'),
  syntax('1.2.840.10008.1.2.5', 'RLE Lossless', 'rle'),
  syntax('1.2.840.10008.1.2.8.1', 'Deflated Image Frame Compression', 'deflate'),
];

const BY_UID = new Map(SYNTAXES.map((s) => [s.uid, s]));

/** The transfer syntax of a UID; undefined when it is not one that this package reads (video, private, …). */
export function findTransferSyntax(uid: string): TransferSyntax | undefined {
  return BY_UID.get(uid);
}
