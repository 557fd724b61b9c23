import type { FolderSource, FormatReader } from '../api.js';
import { VolumeIoError } from '../errors.js';
import { formats } from './registry.js';

/** The reader of formats that make one volume of a folder's files (DICOM). */
export async function openFolderReader(folder: FolderSource): Promise<FormatReader> {
  const dicom = formats.find((format) => format.name === 'dicom')!;
  const reader = await dicom.load();
  if (reader.readFolder && reader.readFolderHeader) return reader;
  throw new VolumeIoError('unsupported', 'folders cannot be read', { file: folder.name });
}
