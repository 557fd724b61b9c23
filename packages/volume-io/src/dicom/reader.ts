import type { FormatReader } from '../api.js';
import { VolumeIoError } from '../errors.js';

async function notYet(): Promise<never> {
  throw new VolumeIoError('unsupported', 'DICOM cannot be read yet');
}

export const dicomReader: FormatReader = { readHeader: notYet, read: notYet };
