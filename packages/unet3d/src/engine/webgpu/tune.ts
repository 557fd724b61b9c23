import { type TypedArray, util } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from './device/backend.js';
import type { Note, Trial } from './device/choices.js';

/** Runs of each variant that count. */
const RUNS = 3;
/** Relative L2 distance between variants that rounding cannot explain. */
const TOO_FAR = 1e-4;
/** Milliseconds for all that a network asks for. */
const BUDGET = 2000;

/**
 * Measures the variants of each kernel that was run without a choice between them, and chooses the fastest; what gives other results
 * than most is struck out. Stops when the time is up: what is left keeps the order of the table.
 *
 * @returns the choices made, by what is computed.
 */
export async function tune(
  backend: GenesisBackend,
  budget: number = BUDGET,
): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  const begun = performance.now();
  for (const [key, note] of [...backend.choices.open]) {
    if (performance.now() - begun > budget) break;
    const best = await fastest(backend, key, note);
    if (best === undefined) continue;
    backend.choices.choose(key, best);
    made[key] = best;
  }
  return made;
}

async function fastest(
  backend: GenesisBackend,
  key: string,
  { names, trial }: Note,
): Promise<string | undefined> {
  const numbers = trial();
  try {
    const results = new Map<string, TypedArray>();
    for (const name of names) results.set(name, await resultOf(backend, numbers, name));
    for (const name of wrongOnes(results)) backend.choices.strike(key, name);
    let best: { name: string; time: number } | undefined;
    for (const name of names) {
      if (backend.choices.struckOut.includes(`${key}: ${name}`)) continue;
      const time = await timeOf(backend, numbers, name);
      if (best === undefined || time < best.time) best = { name, time };
    }
    return best?.name;
  } finally {
    numbers.dispose();
  }
}

async function resultOf(backend: GenesisBackend, trial: Trial, name: string): Promise<TypedArray> {
  trial.clear();
  trial.run(name);
  const { dataId } = trial.result;
  const values = (await backend.read(dataId)) as TypedArray;
  // The next variant fills the same memory.
  backend.tensorMap.get(dataId).values = null;
  return values;
}

/** Those that are far from more than half of the others. */
function wrongOnes(results: ReadonlyMap<string, TypedArray>): string[] {
  const all = [...results];
  return all
    .filter(([, values]) => {
      const far = all.filter(([, others]) => !(distance(values, others) <= TOO_FAR));
      return far.length > all.length / 2;
    })
    .map(([name]) => name);
}

function distance(actual: TypedArray, expected: TypedArray): number {
  util.assert(actual.length === expected.length, () => 'results of one size');
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    size += expected[i] ** 2;
  }
  return Math.sqrt(difference / Math.max(size, Number.MIN_VALUE));
}

async function timeOf(backend: GenesisBackend, trial: Trial, name: string): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    backend.flush();
    await backend.queue.onSubmittedWorkDone();
    const begun = performance.now();
    trial.run(name);
    backend.flush();
    await backend.queue.onSubmittedWorkDone();
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}
