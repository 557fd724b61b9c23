/** A kernel in WGSL, entry point `main`: storage buffers at bindings 0, 1, …, and its numbers in a uniform buffer after them. */
export interface Kernel {
  /** What errors call it. */
  readonly name: string;
  /** Equal for equal code. */
  readonly key: string;
  /** One letter for each storage buffer: `r` read, `w` written. */
  readonly access: string;
  /** The code. */
  readonly code: () => string;
}

/** A part of a buffer, in bytes. */
export interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** One run of a kernel. */
export interface Launch {
  readonly kernel: Kernel;
  /** In the order of `access`. */
  readonly buffers: readonly Range[];
  /** Unsigned 32-bit words; floats by their bits, see {@link bitsOf}. */
  readonly params: readonly number[];
  /** Number of workgroups along each axis. */
  readonly groups: readonly [number, number, number];
  /** Floating-point operations, roughly, so that submissions stay short; default 0. */
  readonly work?: number;
}

const FLOAT = new Float32Array(1);
const WORD = new Uint32Array(FLOAT.buffer);

/** The bits of a 32-bit float. */
export function bitsOf(value: number): number {
  FLOAT[0] = value;
  return WORD[0];
}
