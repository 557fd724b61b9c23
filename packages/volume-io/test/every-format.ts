import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ReadVolumeOpts, VolumeSource } from '@genesis/volume-io';

/** The path of a fixture. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));

/** A file of a fixture, as it is kept in formats.json. */
interface Made {
  name: string;
  main: string;
  files: Record<string, string>;
  opts: ReadVolumeOpts;
}

export interface FormatCase {
  name: string;
  source: VolumeSource;
  opts: ReadVolumeOpts;
}

/** Every format, byte order, compression and choice of the format fixtures, and DICOM. */
export const everyFormat: readonly FormatCase[] = [
  ...(JSON.parse(await readFile(fixture('formats.json'), 'utf8')) as Made[]).map((made) => ({
    name: made.name,
    source: Object.entries(made.files)
      .sort(([a], [b]) => Number(b === made.main) - Number(a === made.main))
      .map(([name, base64]) => ({ name, bytes: new Uint8Array(Buffer.from(base64, 'base64')) })),
    opts: made.opts,
  })),
  ...['even', 'even.zip', 'jpeg-2000.dcm', 'modality-lut.dcm', 'enhanced.dcm'].map((name) => ({
    name,
    source: fixture(`dicom/${name}`),
    opts: {},
  })),
];
