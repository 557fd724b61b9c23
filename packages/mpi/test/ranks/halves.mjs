// Sums of halves, with and without feedback of what rounding leaves over.
import { mpiWorld } from '@genesis/mpi';

const { rank, size, allReduceHalf } = mpiWorld();
const length = 1003;
const own = (n) => Math.sin(n * 12.9898 + rank) * 10 ** (-3 * ((n % 7) / 7));
const exact = (n) => {
  let sum = 0;
  for (let r = 0; r < size; r++) {
    sum += Math.fround(Math.sin(n * 12.9898 + r) * 10 ** (-3 * ((n % 7) / 7)));
  }
  return sum;
};
const said = { rank };

// Whole numbers within 11 bits travel unharmed, large ones are cut off and made good later.
const whole = Float32Array.from({ length }, (_, n) => (n % 200) - 100);
await allReduceHalf(whole, { scale: 1 });
said.whole = whole.every((value, n) => value === size * ((n % 200) - 100));
const special = Float32Array.of(Number.NaN, 2 ** -30, 0);
await allReduceHalf(special, { scale: 1 });
said.special = [String(special[0]), special[1], special[2]];
const large = Float32Array.of(1e6);
const left = new Float32Array(1);
await allReduceHalf(large, { scale: 1, residual: left });
said.large = [large[0], left[0]];

const steps = 64;
for (const feedback of [false, true]) {
  const residual = feedback ? new Float32Array(length) : undefined;
  const total = new Float64Array(length);
  for (let step = 0; step < steps; step++) {
    const values = Float32Array.from({ length }, (_, n) => own(n));
    await allReduceHalf([values.subarray(0, 500), values.subarray(500)], { scale: 512, residual });
    for (let n = 0; n < length; n++) total[n] += values[n];
  }
  let [error, norm] = [0, 0];
  for (let n = 0; n < length; n++) {
    error += (total[n] - steps * exact(n)) ** 2;
    norm += (steps * exact(n)) ** 2;
  }
  said[feedback ? 'withFeedback' : 'without'] = Math.sqrt(error / norm);
}
console.log(JSON.stringify(said));
