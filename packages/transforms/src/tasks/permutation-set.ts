import { createRng } from '@genesis/core';
import type { Rng } from '../api.js';
import { TransformsError } from '../errors.js';

const CANDIDATES = 200;
const cache = new Map<string, readonly (readonly number[])[]>();

/** A random order of 0 … n − 1. */
function shuffled(n: number, rng: Rng): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const k = rng.int(0, i);
    [order[i], order[k]] = [order[k], order[i]];
  }
  return order;
}

/**
 * The same `count` permutations of n blocks every time, each chosen among 200 random ones as the
 * farthest (in Hamming distance) from those before (Noroozi & Favaro, ECCV 2016). A class of the
 * task is an index into this list.
 *
 * @throws TransformsError `option` when there are not so many permutations
 */
export function permutationSet(n: number, count: number): readonly (readonly number[])[] {
  let factorial = 1;
  for (let i = 2; i <= n && factorial < count; i++) factorial *= i;
  if (!(Number.isInteger(count) && count >= 1 && count <= factorial)) {
    throw new TransformsError(
      'option',
      `${count} different permutations of ${n} blocks are asked for; there are ${factorial}.`,
      { count, blocks: n },
    );
  }
  const key = `${n}/${count}`;
  let set = cache.get(key);
  if (set === undefined) {
    set = Object.freeze(choose(n, count));
    cache.set(key, set);
  }
  return set;
}

function choose(n: number, count: number): number[][] {
  const rng = createRng(0, n, count);
  const chosen = [shuffled(n, rng)];
  while (chosen.length < count) {
    let best = chosen[0];
    let bestDistance = 0;
    // One that is new must be found, however few are left.
    for (let tried = 0; tried < CANDIDATES || bestDistance === 0; tried++) {
      const candidate = shuffled(n, rng);
      let nearest = n;
      for (const other of chosen) {
        let distance = 0;
        for (let i = 0; i < n; i++) if (candidate[i] !== other[i]) distance++;
        if (distance < nearest) nearest = distance;
        if (nearest <= bestDistance) break;
      }
      if (nearest > bestDistance) {
        bestDistance = nearest;
        best = candidate;
      }
    }
    chosen.push(best);
  }
  return chosen;
}
