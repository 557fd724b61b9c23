import { basename, dirname, join } from 'node:path';

/** The files of a run. */
export interface RunPaths {
  readonly folder: string;
  /** The resolved options. */
  readonly config: string;
  /** What the run is: kind, network, normalisation, split, versions (see RunInfo). */
  readonly info: string;
  /** One JSON object a line: steps, epochs. */
  readonly metrics: string;
  /** Weights of the epoch with the lowest validation loss. */
  readonly best: string;
  /** Weights, optimiser and position of the last saved step: what `resume` continues from. */
  readonly last: string;
  readonly report: string;
  /** Folder of event files for TensorBoard, where they are asked for. */
  readonly events: string;
  readonly lock: string;
}

/** Where the files of the run in `folder` lie. */
export function runPaths(folder: string): RunPaths {
  return {
    folder,
    config: join(folder, 'config.json'),
    info: join(folder, 'run.json'),
    metrics: join(folder, 'metrics.jsonl'),
    best: join(folder, 'checkpoints', 'best.safetensors'),
    last: join(folder, 'checkpoints', 'last.safetensors'),
    report: join(folder, 'report.html'),
    events: join(folder, 'tensorboard'),
    lock: join(folder, '.lock'),
  };
}

/** The folder of the run in which a weight file lies; undefined for one that stands by itself. */
export function runOfFile(file: string): string | undefined {
  const folder = dirname(file);
  return basename(folder) === 'checkpoints' ? dirname(folder) : undefined;
}
