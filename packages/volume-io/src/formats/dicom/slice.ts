import type { FrameInfo } from './frame-info.js';
import type { SeriesFile } from './series-file.js';

/** One frame of one file. */
export interface Slice {
  readonly file: SeriesFile;
  readonly frame: number;
  readonly info: FrameInfo;
}
