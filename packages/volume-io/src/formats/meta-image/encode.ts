import type { DType, TypedArray } from '@genesis/core';
import { flipLpsRas } from '../../geometry/affine.js';
import type { Volume } from '../../voxels/volume.js';

const TYPES: Readonly<Record<DType, string>> = {
  int8: 'MET_CHAR',
  uint8: 'MET_UCHAR',
  int16: 'MET_SHORT',
  uint16: 'MET_USHORT',
  int32: 'MET_INT',
  uint32: 'MET_UINT',
  int64: 'MET_LONG_LONG',
  uint64: 'MET_ULONG_LONG',
  float32: 'MET_FLOAT',
  float64: 'MET_DOUBLE',
};

export interface MetaHeaderOpts {
  type: DType;
  /** 'LOCAL' or the name of the file beside. */
  dataFile: string;
  /** Bytes of the compressed voxels. */
  compressedSize?: number;
  description: string;
}

/** The text of a MetaImage header, ending with ElementDataFile. */
export function encodeMetaHeader(volume: Volume<TypedArray>, opts: MetaHeaderOpts): Uint8Array {
  const lps = flipLpsRas(volume.affine);
  const { spacing } = volume;
  const axes = [0, 1, 2];
  const matrix = axes.flatMap((axis) =>
    axes.map((row) => (spacing[axis] > 0 ? lps[4 * row + axis] / spacing[axis] : 0)),
  );
  const lines = [
    'ObjectType = Image',
    'NDims = 3',
    'BinaryData = True',
    'BinaryDataByteOrderMSB = False',
    `CompressedData = ${opts.compressedSize === undefined ? 'False' : 'True'}`,
    ...(opts.compressedSize === undefined ? [] : [`CompressedDataSize = ${opts.compressedSize}`]),
    `TransformMatrix = ${matrix.join(' ')}`,
    `Offset = ${[lps[3], lps[7], lps[11]].join(' ')}`,
    'CenterOfRotation = 0 0 0',
    `ElementSpacing = ${spacing.join(' ')}`,
    `DimSize = ${volume.data.shape.join(' ')}`,
    ...(opts.description ? [`Comment = ${opts.description.replace(/[\r\n]+/g, ' ')}`] : []),
    `ElementType = ${TYPES[opts.type]}`,
    `ElementDataFile = ${opts.dataFile}`,
    '',
  ];
  return new TextEncoder().encode(lines.join('\n'));
}
