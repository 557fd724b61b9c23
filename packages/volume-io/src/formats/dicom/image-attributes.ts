import { VolumeIoError } from '../../errors.js';
import type { DataSet } from './dataset.js';
import type { DicomHead } from './read-head.js';
import { Tag } from './tags.js';

/** How the pixels of a file are to be understood; checked, so that later stages can trust it. */
export interface ImageAttributes {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  /** Values per pixel: 1 or 3. */
  readonly samples: number;
  /** Colour values of a pixel lie apart, plane by plane (in native data; codecs have their own order). */
  readonly planar: boolean;
  readonly photometric: string;
  readonly bitsAllocated: 1 | 8 | 12 | 16 | 32 | 64;
  readonly bitsStored: number;
  /** Bits to the right of the stored value, when it does not start at bit 0. */
  readonly shift: number;
  readonly signed: boolean;
  readonly kind: 'integer' | 'float';
}

/** Frames beyond this are no medical image, and would only cost memory. */
const MAX_FRAMES = 1 << 20;

/** The pixel description of a file. Throws VolumeIoError 'unsupported' (no image) or 'corrupt'. */
export function readImageAttributes(head: DicomHead): ImageAttributes {
  const ds = head.dataSet;
  if (!head.pixels) {
    throw head.truncated
      ? new VolumeIoError('truncated', 'the DICOM file ends before its pixel data')
      : new VolumeIoError('unsupported', `the DICOM file holds no image (${describeClass(ds)})`);
  }
  const rows = required(ds, Tag.Rows, 'Rows');
  const columns = required(ds, Tag.Columns, 'Columns');
  const samples = ds.number(Tag.SamplesPerPixel, 'US') ?? 1;
  if (samples !== 1 && samples !== 3) {
    throw new VolumeIoError('unsupported', `DICOM images of ${samples} samples per pixel`);
  }
  const kind = head.pixels.tag === Tag.PixelData ? 'integer' : 'float';
  const bitsAllocated = required(ds, Tag.BitsAllocated, 'BitsAllocated');
  if (!isAllocation(bitsAllocated)) {
    throw new VolumeIoError('unsupported', `DICOM pixels of ${bitsAllocated} allocated bits`);
  }
  const bitsStored =
    kind === 'float' ? bitsAllocated : (ds.number(Tag.BitsStored, 'US') ?? bitsAllocated);
  const highBit =
    kind === 'float' ? bitsAllocated - 1 : (ds.number(Tag.HighBit, 'US') ?? bitsStored - 1);
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit >= bitsAllocated) {
    throw new VolumeIoError(
      'corrupt',
      `the DICOM file states ${bitsStored} bits stored up to bit ${highBit} of ${bitsAllocated} allocated`,
    );
  }
  return {
    rows,
    columns,
    frames: frameCount(ds),
    samples,
    planar: ds.number(Tag.PlanarConfiguration, 'US') === 1,
    photometric:
      ds.string(Tag.PhotometricInterpretation) ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'),
    bitsAllocated,
    bitsStored,
    shift: Math.max(0, highBit + 1 - bitsStored),
    signed: ds.number(Tag.PixelRepresentation, 'US') === 1,
    kind,
  };
}

function required(ds: DataSet, tag: number, name: string): number {
  const value = ds.number(tag, 'US');
  if (value === undefined || value < 1) {
    throw new VolumeIoError('corrupt', `the DICOM image has ${value ?? 'no'} ${name}`);
  }
  return value;
}

function frameCount(ds: DataSet): number {
  const text = ds.string(Tag.NumberOfFrames);
  if (text === undefined) return 1;
  const value = ds.number(Tag.NumberOfFrames);
  if (value === undefined || !Number.isInteger(value) || value < 0 || value > MAX_FRAMES) {
    throw new VolumeIoError(
      'corrupt',
      `the DICOM image has '${text.slice(0, 20)}' as NumberOfFrames`,
    );
  }
  // Zero is written by some single-frame converters and means that the attribute does not apply.
  return Math.max(1, value);
}

function isAllocation(bits: number): bits is 1 | 8 | 12 | 16 | 32 | 64 {
  return bits === 1 || bits === 8 || bits === 12 || bits === 16 || bits === 32 || bits === 64;
}

const CLASSES: Record<string, string> = {
  '1.2.840.10008.1.3.10': 'a DICOMDIR',
  '1.2.840.10008.5.1.4.1.1.481.3': 'an RT structure set',
  '1.2.840.10008.5.1.4.1.1.481.5': 'an RT plan',
  '1.2.840.10008.5.1.4.1.1.481.8': 'an RT ion plan',
  '1.2.840.10008.5.1.4.1.1.104.1': 'a PDF document',
};

function describeClass(ds: DataSet): string {
  const uid = ds.string(Tag.SOPClassUID);
  if (uid === undefined) return 'no SOP class';
  if (CLASSES[uid]) return CLASSES[uid];
  if (uid.startsWith('1.2.840.10008.5.1.4.1.1.88.')) return 'a structured report';
  return `SOP class ${uid}`;
}
