import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { DatasetItem } from './dataset.js';

/** What a run remembers of a volume, to know it again. Plain data. */
export interface DataRecord {
  /** Path below the data folder, without extension. */
  readonly key: string;
  /** Size of the file; left out for a DICOM series. */
  readonly bytes?: number;
  /** Of shape, voxel type, place in space and scaling as the header has them. */
  readonly header: string;
  /** Its class, where a table says it. */
  readonly label?: string;
  /** What the reader noted. */
  readonly notes?: readonly string[];
}

/** The records of volumes, in their order. */
export function identify(items: readonly DatasetItem[]): Promise<DataRecord[]> {
  return Promise.all(
    items.map(async ({ key, path, header }): Promise<DataRecord> => {
      const { format, dims, dtype, affine, slope, inter, notes } = header;
      // Single precision, as most formats keep it: another machine's last bit is no other volume.
      const place = Array.from(affine, (value) => Math.fround(value));
      const text = JSON.stringify([dims, dtype, place, slope, inter]);
      return {
        key,
        bytes: format === 'dicom' ? undefined : (await stat(path)).size,
        header: createHash('sha256').update(text).digest('hex').slice(0, 16),
        notes: notes.length > 0 ? notes : undefined,
      };
    }),
  );
}

/** What differs between the volumes that a run was started with and those that are there now, in words; none when nothing does. */
export function compareData(before: readonly DataRecord[], now: readonly DataRecord[]): string[] {
  const [old, present] = [byKey(before), byKey(now)];
  return [
    ...before.filter(({ key }) => !present.has(key)).map(({ key }) => `${key} is gone`),
    ...now.filter(({ key }) => !old.has(key)).map(({ key }) => `${key} was added`),
    ...now.flatMap((record) => {
      const known = old.get(record.key);
      if (!known) return [];
      if (known.bytes !== record.bytes) return [`${record.key} has another size`];
      if (known.header !== record.header) return [`${record.key} has another header`];
      // Runs of earlier versions did not keep the class.
      if (known.label === undefined || known.label === record.label) return [];
      return [`${record.key} was ${known.label} and is ${record.label}`];
    }),
  ];
}

function byKey(records: readonly DataRecord[]): Map<string, DataRecord> {
  return new Map(records.map((record) => [record.key, record]));
}
