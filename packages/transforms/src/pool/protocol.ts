import type { Labels, Shape3 } from '../api.js';
import type { KernelsName } from '../kernels/api.js';

/** What a worker needs to know before its first job. */
export interface WorkerSetup {
  task: { name: string; opts?: unknown };
  shape: Shape3;
  channels: number;
  seed: number;
  kernels: KernelsName;
}

/** A crop as it travels: the typed array lies in shared memory or in the job's own slot. */
export interface CropRef {
  data: Float32Array;
  shape: number[];
  stride: number[];
  offset: number;
}

/** One batch to make. Input and target are `[n, x, y, z, c]`, C-contiguous. */
export interface Job {
  epoch: number;
  indices: readonly number[];
  crops: readonly CropRef[];
  slot: Slot;
}

/** Memory of one batch. */
export interface Slot {
  crops: Float32Array;
  input: Float32Array;
  target: Float32Array;
}

/** An error in a form that survives a message. */
export interface PlainError {
  name: string;
  message: string;
  stack?: string;
  code?: string;
  details?: Record<string, number | string | readonly number[]>;
}

export type Request = { setup: WorkerSetup } | { id: number; job: Job };

/** `slot` comes back because memory that is not shared moves with the message. */
export type Response = { id: number; slot: Slot } & (
  | { labels: readonly Labels[] | null }
  | { error: PlainError }
);

/** A worker as the pool sees it, the same in Node and in a browser. */
export interface WorkerPort {
  post(message: Request, transfer: ArrayBuffer[]): void;
  terminate(): Promise<void>;
  /** While true, the worker keeps the process alive. */
  setBusy(busy: boolean): void;
}

export interface WorkerEvents {
  onMessage(message: Response): void;
  /** The worker died or could not start. */
  onFailure(error: unknown): void;
}

/** The buffers of a slot that have to be handed over, none when the memory is shared. */
export function transferList(slot: Slot): ArrayBuffer[] {
  return [slot.crops.buffer, slot.input.buffer, slot.target.buffer].filter(
    (buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer,
  );
}
