/** What a reduction may be done with. */
export type FloatArray = Float32Array | Float64Array;

/** What combines the ranks' values. */
export type ReduceOperation = 'sum' | 'max';

/** How float32 values travel as IEEE halves, with half the bytes. */
export interface HalfOpts {
  /** Values are multiplied by it before they are rounded, and divided after. A power of two adds no rounding of its own. */
  readonly scale: number;
  /**
   * What rounding has left over so far, as long as all arrays together; starts as zeros. It is added to the values before they are
   * rounded, and the new remainder is written back (error feedback).
   */
  readonly residual?: Float32Array;
}

/** A group of processes that talk to each other. Every rank must call the same collectives in the same order. */
export interface Communicator {
  /** This process's number, 0 … size − 1. */
  readonly rank: number;
  readonly size: number;
  /** Name of the host of each rank. */
  readonly hosts: readonly string[];
  /**
   * Replaces each value by the sum or maximum over all ranks, in place. Several arrays of one type travel as one message. It begins at
   * once and goes on while JavaScript computes; several may be under way. The arrays are the caller's to keep, and to leave alone until
   * the promise resolves. With equal ranks, lengths and library the result has the same bits each time, and in every rank.
   *
   * @throws MpiError 'bad-argument' at once; 'failed' when a rank cannot be reached.
   */
  allReduce(arrays: FloatArray | readonly FloatArray[], operation?: ReduceOperation): Promise<void>;
  /** The sum of float32 arrays, in place, travelling as halves: about 11 bits of each value are kept. */
  allReduceHalf(arrays: Float32Array | readonly Float32Array[], opts: HalfOpts): Promise<void>;
  /** As {@link Communicator.allReduce}, but blocks the thread: for small arrays in the middle of a computation. */
  allReduceSync(array: FloatArray, operation?: ReduceOperation): void;
  /** Replaces the array by that of `root` (default 0), of the same type and length. */
  broadcast(array: NodeJS.TypedArray, root?: number): Promise<void>;
  /** What each rank gave, in order of ranks; lengths may differ. */
  allGather(bytes: Uint8Array): Promise<Uint8Array[]>;
  /** Resolves when every rank has called it. */
  barrier(): Promise<void>;
  /**
   * Makes groups: ranks of one color (≥ 0) become one, in the order of their keys (default: of their ranks). It lasts as long as the
   * process.
   */
  split(color: number, key?: number): Promise<Communicator>;
}

/** All processes that were started together. */
export interface World extends Communicator {
  /** Number of this process among those on its host, and how many these are. */
  readonly localRank: number;
  readonly localSize: number;
  /** Ends all processes at once, with this exit code; does not return. */
  abort(exitCode: number): never;
}

/** Whether MPI can be used. */
export interface MpiStatus {
  readonly usable: boolean;
  /** Name and version of the library. */
  readonly library?: string;
  /** Why it cannot be used, and what to do about it. */
  readonly reason?: string;
}

/** Who has started this process, as its environment tells. */
export interface Launch {
  /** 'Open MPI' (mpirun of Open MPI), 'PMI' (MPICH's and Intel's mpirun, and Slurm's srun), 'PMIx' (srun --mpi=pmix). */
  readonly launcher: 'Open MPI' | 'PMI' | 'PMIx';
  /** Processes in all. */
  readonly size: number;
}
