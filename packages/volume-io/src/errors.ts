import { type ErrorDetails, GenesisError } from '@genesis/core';

/** Why a volume could not be read or written. */
export type VolumeIoErrorCode =
  | 'not-found' // no such file or folder
  | 'not-readable' // the system refused: permission, is a device, input/output error
  | 'empty' // a folder without volumes, a file without bytes
  | 'unknown-format' // no format recognises the content
  | 'corrupt' // the content contradicts itself or its format
  | 'truncated' // fewer bytes than the header promises
  | 'too-large' // more voxels than `maxBytes` allows
  | 'unsupported' // a valid file of a kind that is not supported (complex, bitmap, …)
  | 'volume-required' // a 4-D/5-D file and no volumeIndex
  | 'component-required' // RGB(A)/vector voxels and no component
  | 'series-required' // several series and none chosen
  | 'not-3d' // a single slice where `require3d` was given
  | 'non-finite' // NaN or infinity where `nonFinite: 'error'` was given
  | 'range' // values do not fit the requested type
  | 'geometry' // affine singular or not finite; slices that do not form a volume
  | 'companion-missing' // the data file that the header names is not there
  | 'outside-folder' // a header names a file outside its folder
  | 'bad-argument' // the call itself is wrong: region outside the volume, unknown extension, …
  | 'write-failed' // disk full, read-only, …
  | 'aborted'; // the signal was aborted

/** Every failure of this package. `message` is one sentence that names the file and the reason. */
export class VolumeIoError extends GenesisError<VolumeIoErrorCode> {
  /** 'VolumeIoError' */
  override readonly name = 'VolumeIoError';

  constructor(code: VolumeIoErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, details.file === undefined ? message : `${details.file}: ${message}`, details);
  }
}
