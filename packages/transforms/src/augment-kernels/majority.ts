const { fround } = Math;
/** Labels whose scores differ by no more are a tie, which the nearest voxel settles. */
const TIE = fround(2.5e-4);
const MOST = fround(0.5 + fround(0.5 * TIE));
const LEAST = fround(0.5 - fround(0.5 * TIE));

const weights = new Float32Array(8);

/** More than two labels, or a tie. `rest` belongs to `fill`. */
function settleTie(labels: ArrayLike<number>, nearest: number, rest: number, fill: number): number {
  let best = -1;
  let own = -1;
  let winner = 0;
  const counted = new Set<number>();
  for (let from = 0; from < 9; from++) {
    const label = from < 8 ? labels[from] : fill;
    if (counted.has(label)) continue;
    counted.add(label);
    let score = 0;
    for (let c = 0; c < 8; c++) if (labels[c] === label) score = fround(score + weights[c]);
    if (label === fill) score = fround(score + rest);
    if (label === nearest) own = score;
    if (score > best || (score === best && label < winner)) {
      best = score;
      winner = label;
    }
  }
  return fround(best - own) <= TIE ? nearest : winner;
}

/**
 * The label with the largest part of a cube's eight voxels, weighed as linear interpolation does; z is the fastest axis of
 * `labels`. Of a cube that the source covers in part, the rest is `fill`.
 */
export function majorityOf(
  labels: ArrayLike<number>,
  [x, y, z]: readonly number[],
  nearest: number,
  covered: number,
  fill: number,
): number {
  const x0 = fround(fround(1 - x) * covered);
  const x1 = fround(x * covered);
  const y0 = fround(1 - y);
  const z0 = fround(1 - z);
  const yz = [fround(y0 * z0), fround(y0 * z), fround(y * z0), fround(y * z)];
  for (let i = 0; i < 4; i++) {
    weights[i] = yz[i] * x0;
    weights[4 + i] = yz[i] * x1;
  }
  const first = labels[0];
  const part = (i: number): number =>
    fround((labels[i] === first ? weights[i] : 0) + (labels[4 + i] === first ? weights[4 + i] : 0));
  const score = fround(fround(part(0) + part(2)) + fround(part(1) + part(3)));
  if (score > MOST) return first;
  if (covered === 1 && score < LEAST) {
    let second = first;
    let isPair = true;
    for (let i = 1; i < 8; i++) {
      if (labels[i] === first) continue;
      if (second === first) second = labels[i];
      else if (labels[i] !== second) isPair = false;
    }
    if (isPair && second !== first) return second;
  }
  return settleTie(labels, nearest, fround(1 - covered), covered === 1 ? first : fill);
}
