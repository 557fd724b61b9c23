import { readFileSync } from 'node:fs';
import ndarray, { type NdArray } from 'ndarray';

const url = (name: string): URL => new URL(`../../../test/fixtures/${name}`, import.meta.url);

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(url(name), 'utf8')) as T;
}

/** The tensors of a safetensors fixture (float32; integers are widened). */
export function readTensors(name: string): Map<string, NdArray<Float32Array>> {
  const bytes = readFileSync(url(`${name}.safetensors`));
  const length = Number(bytes.readBigUInt64LE(0));
  type Entry = { dtype: string; shape: number[]; data_offsets: [number, number] };
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Entry>;
  const tensors = new Map<string, NdArray<Float32Array>>();
  for (const [key, { dtype, shape, data_offsets }] of Object.entries(header)) {
    const part = Uint8Array.from(
      bytes.subarray(8 + length + data_offsets[0], 8 + length + data_offsets[1]),
    ).buffer;
    const data =
      dtype === 'F32' ? new Float32Array(part) : Float32Array.from(new BigInt64Array(part), Number);
    tensors.set(key, ndarray(data, shape));
  }
  return tensors;
}
