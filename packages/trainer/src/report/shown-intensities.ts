import ndarray, { type NdArray } from 'ndarray';

/** Standard scores that pages show from black to white. */
const [BLACK, WHITE] = [-2, 4];

/** A volume in 0…1 for a page: as it is, or from its standard scores. C order. */
export function shownIntensities(
  volume: NdArray<Float32Array>,
  normalization: string,
): NdArray<Float32Array> {
  if (normalization !== 'zscore') return volume;
  return ndarray(
    volume.data.map((value) => (value - BLACK) / (WHITE - BLACK)),
    volume.shape,
  );
}
