// What the tests share: both back ends, random tensors, float64 references.

import * as tf from '@tensorflow/tfjs-core';
// Registers the gradients of tfjs's operations.
import '@tensorflow/tfjs-layers';
import {
  type NativeIsa,
  nativeStatus,
  registerNativeBackend,
  setInstructionSet,
} from '@genesis/tfjs-backend-native';

/** Relative L2 error that every kernel keeps, against float64; convolutions when not strict. */
export const FAST_TOLERANCE = 5e-6;
export const STRICT_TOLERANCE = 1e-6;

registerNativeBackend();

/** The instruction sets of this processor, the widest last. */
export const INSTRUCTION_SETS: NativeIsa[] = (() => {
  const all: NativeIsa[] = ['base', 'avx2', 'avx512'];
  setInstructionSet('auto');
  return all.slice(0, all.indexOf(nativeStatus().isa as NativeIsa) + 1);
})();

/** Runs f once for every instruction set. */
export async function onEveryIsa(f: (isa: NativeIsa) => Promise<void> | void): Promise<void> {
  for (const isa of INSTRUCTION_SETS) {
    setInstructionSet(isa);
    try {
      await f(isa);
    } finally {
      setInstructionSet('auto');
    }
  }
}

/** Values of the tensors that f returns, computed on one back end; all tensors are freed. */
export async function valuesOn(
  backend: 'native' | 'cpu',
  f: () => tf.Tensor | tf.Tensor[],
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const out = tf.tidy(() => {
    const result = f();
    return (Array.isArray(result) ? result : [result]).map((tensor) => tf.keep(tensor));
  });
  const values = out.map((tensor) => Float32Array.from(tensor.dataSync()));
  tf.dispose(out);
  if (tf.memory().numTensors !== before) throw new Error('tensors leaked');
  return values;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** Runs a kernel of the native back end by name. */
export function runNative(
  name: string,
  inputs: Record<string, tf.Tensor>,
  attrs: Record<string, unknown>,
): tf.Tensor[] {
  const result = tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as
    | tf.Tensor
    | tf.Tensor[];
  return Array.isArray(result) ? result : [result];
}
