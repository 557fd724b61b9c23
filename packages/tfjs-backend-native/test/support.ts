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

/** Small counter-based generator (splitmix32): the same numbers for the same seed everywhere. */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let t = state ^ (state >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return ((t ^ (t >>> 15)) >>> 0) / 4294967296;
  };
}

/** Values in (−1, 1), their mean near 0. */
export function noise(size: number, seed: number): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length: size }, () => next() * 2 - 1);
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** |actual − expected|₂ / |scale|₂. */
export function relativeError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale: ArrayLike<number> = expected,
): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < actual.length; i++) {
    const a = actual[i];
    const e = expected[i];
    if (Number.isFinite(scale[i])) norm += scale[i] ** 2;
    if (!(Object.is(a, e) || (Number.isNaN(a) && Number.isNaN(e)))) difference += (a - e) ** 2;
  }
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
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
