import type { ByteSource } from '../../bytes/api.js';
import { VolumeIoError } from '../../errors.js';
import type { DataSet, DicomElement } from './dataset.js';
import { type FrameInfo, readFrameInfos } from './frame-info.js';
import { type ImageAttributes, readImageAttributes } from './image-attributes.js';
import { type ModalityLut, type Palette, readModalityLut, readPalette } from './lookup-tables.js';
import { readHead } from './read-head.js';
import { Tag } from './tags.js';
import type { TransferSyntax } from './transfer-syntax.js';

/** What is kept of one file between listing and decoding; the header's bytes are not. */
export interface SeriesFile {
  readonly name: string;
  readonly syntax: TransferSyntax;
  readonly unknownSyntax?: string;
  readonly pixels: DicomElement;
  readonly deflatedAt?: number;
  readonly image: ImageAttributes;
  readonly frames: FrameInfo[];
  readonly palette?: Palette;
  readonly modalityLut?: ModalityLut;
  readonly instanceUid?: string;
  readonly seriesUid: string;
  readonly seriesNumber?: number;
  readonly description: string;
  readonly modality?: string;
  /** Attributes for display, by keyword. */
  readonly fields: Record<string, unknown>;
  readonly notes: readonly string[];
}

/**
 * Reads the head of one file. Throws VolumeIoError: 'unsupported' when it is DICOM but no image,
 * 'corrupt' or 'truncated' when it is broken.
 */
export async function readSeriesFile(source: ByteSource): Promise<SeriesFile> {
  const { name } = source;
  try {
    const head = await readHead(source);
    const image = readImageAttributes(head);
    const ds = head.dataSet;
    const palette = image.photometric === 'PALETTE COLOR' ? readPalette(ds) : undefined;
    const modalityLut = readModalityLut(ds, image);
    const seriesNumber = ds.number(Tag.SeriesNumber);
    const modality = ds.string(Tag.Modality);
    const instanceUid = ds.string(Tag.SOPInstanceUID);
    return {
      name,
      syntax: head.syntax,
      pixels: head.pixels!,
      image,
      frames: readFrameInfos(ds, image, name),
      // Files without a series each stand alone.
      seriesUid: ds.string(Tag.SeriesInstanceUID) ?? instanceUid ?? name,
      description: ds.string(Tag.SeriesDescription) ?? '',
      fields: displayFields(ds, head.unknownSyntax ?? head.syntax.uid),
      notes: [...head.notes, ...contentNotes(ds)],
      unknownSyntax: head.unknownSyntax,
      deflatedAt: head.deflatedAt,
      palette,
      modalityLut,
      instanceUid,
      seriesNumber,
      modality,
    };
  } catch (error) {
    throw withFile(error, name);
  }
}

/** What a reader of the header should know about the pixels. */
function contentNotes(ds: DataSet): string[] {
  const notes: string[] = [];
  if (ds.strings(Tag.ImageType).includes('MOSAIC')) {
    notes.push(
      'The image is a mosaic of several slices side by side; it is given as it is stored.',
    );
  }
  if (ds.number(Tag.RescaleSlope) === 0) {
    notes.push('The file states a rescale slope of 0; 1 was taken.');
  }
  return notes;
}

/** The same error, saying which file it is about. */
export function withFile(error: unknown, file: string): unknown {
  if (!(error instanceof VolumeIoError) || error.file !== undefined) return error;
  return new VolumeIoError(error.code, error.message, { file, cause: error.cause });
}

const TEXTS = [
  'SOPClassUID',
  'StudyInstanceUID',
  'SeriesInstanceUID',
  'Modality',
  'Manufacturer',
  'StudyDescription',
  'SeriesDescription',
  'PatientID',
  'ConvolutionKernel',
  'RescaleType',
  'PhotometricInterpretation',
] as const;

const NUMBERS = ['SeriesNumber', 'SliceThickness', 'WindowCenter', 'WindowWidth'] as const;

function displayFields(ds: DataSet, syntax: string): Record<string, unknown> {
  const fields: Record<string, unknown> = { TransferSyntaxUID: syntax };
  for (const key of TEXTS) {
    const value = ds.string(Tag[key]);
    if (value !== undefined) fields[key] = value;
  }
  const imageType = ds.strings(Tag.ImageType);
  if (imageType.length > 0) fields.ImageType = imageType;
  for (const key of NUMBERS) {
    const values = ds.numbers(Tag[key]).filter((v) => !Number.isNaN(v));
    if (values.length > 0) fields[key] = values.length === 1 ? values[0] : values;
  }
  const stored = ds.number(Tag.BitsStored, 'US');
  if (stored !== undefined) fields.BitsStored = stored;
  return fields;
}
