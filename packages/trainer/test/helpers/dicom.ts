import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Attributes, dicomFile, TAG } from '@genesis/testing/dicom';

export interface DicomSeriesOpts {
  /** Series instance UID, which its files are named after. */
  readonly uid: string;
  readonly description: string;
  readonly slices: number;
  /** Of every slice. */
  readonly more?: Attributes;
}

/** Writes a DICOM series of 5 × 4 voxels a slice, one file each, into a folder. */
export async function writeDicomSeries(folder: string, opts: DicomSeriesOpts): Promise<void> {
  const { uid, description, slices, more } = opts;
  await mkdir(folder, { recursive: true });
  for (let k = 0; k < slices; k++) {
    const bytes = dicomFile({
      series: uid,
      instance: k + 1,
      position: [0, 0, 2 * k],
      value: 10 * k,
      ...more,
      more: { [TAG.description]: ['LO', description], ...more?.more },
    });
    await writeFile(join(folder, `${uid}-${k}.dcm`), bytes);
  }
}
