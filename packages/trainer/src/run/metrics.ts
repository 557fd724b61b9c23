import { appendFile, readFile } from 'node:fs/promises';
import { atomicWrite, writeFailure } from '@genesis/core/node';

/** One optimisation step. */
export interface StepRecord {
  readonly kind: 'step';
  /** Steps done so far in the whole run, this one included. */
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
}

/** One epoch with its validation. */
export interface EpochRecord {
  readonly kind: 'epoch';
  /** Counted from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly trainLoss: number;
  readonly learningRate: number;
  /** Validation loss and the other values of the validation, such as `identityMse` or `dice`. */
  readonly validation: Readonly<Record<string, number>>;
  readonly best: boolean;
  /** The epoch was cut short by the time limit or by an interruption. */
  readonly partial?: boolean;
  readonly samplesPerSecond: number;
  /** Training time of the whole run so far, that before a resumption included. */
  readonly seconds: number;
}

export type MetricsRecord = StepRecord | EpochRecord;

/** Appends records to a JSON-lines file, a few at a time. */
export interface MetricsLog {
  /** Keeps the record until the next flush. */
  add(record: MetricsRecord): void;
  flush(): Promise<void>;
}

/** A log that writes to `path` when `flush` is called. */
export function createMetricsLog(path: string): MetricsLog {
  let pending: string[] = [];
  return {
    add(record) {
      pending.push(`${JSON.stringify(record)}\n`);
    },
    async flush() {
      if (pending.length === 0) return;
      const lines = pending.join('');
      pending = [];
      try {
        await appendFile(path, lines);
      } catch (cause) {
        throw writeFailure(path, cause);
      }
    },
  };
}

/** All complete records of the file; a last line that was cut short by a crash is left out. */
export async function readMetrics(path: string): Promise<MetricsRecord[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const records: MetricsRecord[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      records.push(JSON.parse(line) as MetricsRecord);
    } catch {
      break;
    }
  }
  return records;
}

/**
 * Drops the records after the position from which a run is resumed, since they will be written again: steps later than
 * `step`, epochs later than `epoch`, and epochs that were cut short, unless they gave the best weights.
 */
export async function rewindMetrics(path: string, step: number, epoch: number): Promise<void> {
  const kept = (await readMetrics(path)).filter((record) =>
    record.kind === 'step' || (record.partial && record.best)
      ? record.step <= step
      : record.epoch <= epoch && !record.partial,
  );
  await atomicWrite(path, kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/** The records of each kind. */
export function sortRecords(records: readonly MetricsRecord[]): {
  steps: StepRecord[];
  epochs: EpochRecord[];
} {
  return {
    steps: records.filter((record) => record.kind === 'step'),
    epochs: records.filter((record) => record.kind === 'epoch'),
  };
}
