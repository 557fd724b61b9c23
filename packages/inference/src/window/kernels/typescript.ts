import type { SumsKernels, SumsSizes } from './api.js';

/** The inner loops in TypeScript. */
export function typescriptSums({ voxels, channels, shares }: SumsSizes): SumsKernels {
  const sums = new Float32Array(voxels * channels);
  const totals = new Float32Array(voxels);
  return {
    sums,
    totals,
    add(values, [ni, nj, nk], from, to) {
      for (let i = 0; i < ni; i++) {
        for (let j = 0; j < nj; j++) {
          const source = from.offset + i * from.plane + j * from.row;
          const target = to.offset + i * to.plane + j * to.row;
          let [read, write] = [source * channels, target * channels];
          for (let k = 0; k < nk; k++) {
            const share = shares[source + k];
            totals[target + k] += share;
            for (const end = read + channels; read < end; read++, write++) {
              sums[write] += share * values[read];
            }
          }
        }
      }
    },
    divide(first, end) {
      for (let n = first, at = first * channels; n < end; n++) {
        const total = totals[n];
        for (const next = at + channels; at < next; at++) sums[at] /= total;
      }
    },
    release: () => undefined,
  };
}
