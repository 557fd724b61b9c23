/** How the back end stands in this process. */
export interface NativeStatus {
  /** Whether {@link registerNativeBackend} would succeed. */
  available: boolean;
  /** Why it is not available, and what to do. */
  reason?: string;
  /** The one command that makes it available, when there is one. */
  command?: string | undefined;
  /** The file with the C++ code in use; absent when not available. */
  addon?: string;
  /** Instruction set in use: `avx512`, `avx2`, `base`; empty when not available. */
  isa: string;
  /** Threads that the next kernels use; 0 when not available. */
  threads: number;
  /** Whether Winograd F(4,3) convolution may be used (`fast`, the default) or not (`strict`). */
  precision: NativePrecision;
  /** Version of this package. */
  version: string;
}

/**
 * `fast`: convolutions have a relative L2 error up to 5e-6 (PyTorch: about 2e-7).
 * `strict`: below 1e-6, by slower algorithms.
 */
export type NativePrecision = 'fast' | 'strict';

/** Instruction sets that kernels are compiled for. */
export type NativeIsa = 'auto' | 'avx512' | 'avx2' | 'base';

/** Memory held by this thread's tensors and by the kernels, in bytes. */
export interface NativeMemory {
  /** In tensors that are alive. */
  live: number;
  /** Kept for the next tensors. */
  idle: number;
  /** Largest value that `live` had since the last {@link trimNativeMemory}. */
  peak: number;
  /** Work space of convolutions, shared by all threads of the process. */
  scratch: number;
}

/** Time spent in one kernel since profiling began. */
export interface KernelProfile {
  /** Its registered name. */
  kernel: string;
  /** `native`, or `stock` when the tensors were of a kind that the inherited kernel computes. */
  path: 'native' | 'stock';
  /** Times that it ran. */
  calls: number;
  /** In all calls together. */
  milliseconds: number;
}
