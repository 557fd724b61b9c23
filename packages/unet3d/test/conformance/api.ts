import type { GenesisKernelName } from '@genesis/core/kernels';
import type * as tf from '@tensorflow/tfjs-core';

/** A tensor of noise in [shift − scale, shift + scale). */
export interface Input {
  readonly shape: readonly number[];
  /** Default 1. */
  readonly scale?: number;
  /** Default 0. */
  readonly shift?: number;
}

// Tensors arrive untyped from the tables; each case gives them the shapes that its operation needs.
// biome-ignore lint/suspicious/noExplicitAny: one table for operations of different ranks
export type Operation = (...inputs: any[]) => tf.Tensor;

/** An operation of this package, and the same composed of stock operations, which TensorFlow.js differentiates. */
export interface OperationCase {
  readonly name: string;
  readonly inputs: readonly Input[];
  /** Runs on the engine; its gradient in every input is compared too. */
  readonly actual: Operation;
  /** Runs on the stock cpu engine, with its own gradients. */
  readonly expected: Operation;
}

/** A fused kernel of `@genesis/core/kernels`, called by its name. Runs where the engine has it. */
export interface KernelCase {
  readonly name: string;
  readonly kernel: GenesisKernelName;
  readonly attrs: object;
  /** Made on the stock cpu engine. */
  readonly inputs: () => Record<string, tf.Tensor>;
  /** All outputs in order, on the stock cpu engine. */
  readonly expected: (inputs: Record<string, tf.Tensor>) => tf.Tensor[];
}

/** How far one result of one case is from its reference. */
export interface Finding {
  readonly name: string;
  /** `value`, `gradient 0`, `output 1`, … */
  readonly result: string;
  readonly kind: 'values' | 'gradients';
  /** Relative L2; Infinity when the shapes differ. */
  readonly error: number;
}
