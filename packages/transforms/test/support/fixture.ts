import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import ndarray from 'ndarray';

/** Where an array lies in a fixture's binary file. */
export interface Place {
  dtype: 'float32' | 'float64' | 'uint8';
  offset: number;
  shape: number[];
}

export interface Fixture<M> {
  manifest: M;
  array(place: Place): Float32Array | Float64Array | Uint8Array;
  volume(place: Place): ndarray.NdArray<Float32Array>;
}

const file = (name: string): URL => new URL(`../../../test/fixtures/${name}`, import.meta.url);

/** A fixture that a script of test/reference wrote. */
export function readFixture<M>(name: string): Fixture<M> {
  const manifest = JSON.parse(readFileSync(file(`${name}.json`), 'utf8')) as M;
  const bytes = new Uint8Array(gunzipSync(readFileSync(file(`${name}.bin.gz`)))).buffer;
  const types = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array };
  const array = ({ dtype, offset, shape }: Place) =>
    new types[dtype](
      bytes,
      offset,
      shape.reduce((product, n) => product * n, 1),
    );
  return {
    manifest,
    array,
    volume: (place) => ndarray(Float32Array.from(array(place)), place.shape),
  };
}
