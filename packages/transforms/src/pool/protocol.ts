import type { Labels, Shape3 } from '../api.js';
import type { AugmentationSpec } from '../augment/create-augmentation.js';
import type { KernelsName } from '../kernels/api.js';

/** What a worker needs to know before its first job. */
export type WorkerSetup = { kernels: KernelsName; seed: number } & (
  | {
      kind: 'task';
      task: { name: string; opts?: unknown };
      shape: Shape3;
      channels: number;
    }
  | {
      kind: 'pairs';
      augmentation: AugmentationSpec;
      shape: Shape3;
      channels: number;
      /** Label maps a sample; 0: no label. */
      maps: number;
      /** Whether the factors are sent back. */
      factors: boolean;
    }
);

/** Typed arrays that travel. */
export type TravelArray = Float32Array | Uint8Array | Uint16Array | Int16Array;

/** An array as it travels: its memory is shared, or the job's own slot. */
export interface ArrayRef<T extends TravelArray = TravelArray> {
  data: T;
  shape: number[];
  stride: number[];
  offset: number;
}

/** A crop of a task. */
export type CropRef = ArrayRef<Float32Array>;

/** An image and its label. */
export interface PairRef {
  image: ArrayRef<Float32Array>;
  label: ArrayRef | null;
}

/** Memory of one batch of a task: input and target are `[n, x, y, z, c]`, C-contiguous. */
export interface TaskSlot {
  crops: Float32Array;
  input: Float32Array;
  target: Float32Array;
}

/** Memory of one batch of pairs: `[n, x, y, z, c]` and `[n, x, y, z, m]`, C-contiguous. */
export interface PairSlot {
  /** Copies of the pairs that are not in shared memory. */
  source: Uint8Array;
  image: Float32Array;
  /** Of no length without a label. */
  label: Uint8Array | Uint16Array;
}

export type Slot = TaskSlot | PairSlot;

/** One batch to make. */
export interface Job<S = Slot, R = unknown> {
  epoch: number;
  indices: readonly number[];
  refs: readonly R[];
  slot: S;
}

/** What comes back beside the slot: the labels of a task, or the factors of pairs. */
export type Extra = readonly Labels[] | readonly unknown[] | null;

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
export type Response = { id: number; slot: Slot } & ({ extra: Extra } | { error: PlainError });

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
  return Object.values(slot)
    .map(({ buffer }: TravelArray) => buffer)
    .filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer);
}
