import { createHash } from 'node:crypto';
import type { NamedNdArrays } from '@genesis/unet3d';
import { compareData, type DataRecord } from '../../data/identify.js';
import { TrainerError } from '../../errors.js';
import { MACHINE_KEYS } from '../../run/option-keys.js';
import { version } from '../../version.js';
import type { Replicas } from './replicas.js';

/** Options that may differ between processes, because no number depends on them. */
const FREE = new Set<string>(MACHINE_KEYS);

/** What all processes must hold alike before the first step. */
export interface Alike {
  readonly config: Readonly<Record<string, unknown>>;
  readonly data: readonly DataRecord[];
  /** Weights and memory of the optimizer. */
  readonly tensors: readonly NamedNdArrays[];
}

/**
 * Compares what the processes are about to train, by hash: version, options, data, weights.
 *
 * @throws TrainerError 'replicas-differ', in all of them alike, that names rank, host and what is different there.
 */
export async function checkAlike(
  replicas: Replicas,
  { config, data, tensors }: Alike,
): Promise<void> {
  if (replicas.size === 1) return;
  const options = Object.entries(config)
    .filter(([key, value]) => !FREE.has(key) && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const own = {
    'another version of genesis': version,
    'other options': hashOf([JSON.stringify(options)]),
    'other data': hashOf([
      JSON.stringify(data.map(({ key, bytes, header }) => [key, bytes, header])),
    ]),
    'other weights to start from': hashOf(tensors.flatMap(partsOf)),
  };
  const all = (await replicas.gather(JSON.stringify(own))).map(
    (text) => JSON.parse(text) as typeof own,
  );
  for (const what of Object.keys(own) as (keyof typeof own)[]) {
    const rank = all.findIndex((one) => one[what] !== all[0][what]);
    if (rank < 0) continue;
    const details = await detailsOf(replicas, rank, what === 'other data' ? data : options);
    const { hosts } = replicas;
    throw new TrainerError(
      'replicas-differ',
      `rank ${rank} on ${hosts[rank]} has ${what} than rank 0 on ${hosts[0]}${details}: all processes must be started alike and see the same files`,
    );
  }
}

/** The first differences between rank 0 and another, in words. */
async function detailsOf(
  replicas: Replicas,
  rank: number,
  own: readonly DataRecord[] | readonly (readonly [string, unknown])[],
): Promise<string> {
  const said = await replicas.gather(JSON.stringify(own));
  const [first, other] = [said[0], said[rank]].map((text) => JSON.parse(text));
  const differences = isOptions(own)
    ? compareOptions(new Map(first), new Map(other))
    : compareData(first, other);
  if (differences.length === 0) return '';
  const more = differences.length > 3 ? `; and ${differences.length - 3} more` : '';
  return ` (${differences.slice(0, 3).join('; ')}${more})`;
}

function isOptions(
  own: readonly DataRecord[] | readonly (readonly [string, unknown])[],
): own is readonly (readonly [string, unknown])[] {
  return Array.isArray(own[0]);
}

function compareOptions(
  first: ReadonlyMap<string, unknown>,
  other: ReadonlyMap<string, unknown>,
): string[] {
  return [...new Set([...first.keys(), ...other.keys()])]
    .map((key) => [key, JSON.stringify(first.get(key)), JSON.stringify(other.get(key))])
    .filter(([, a, b]) => a !== b)
    .map(([key, a, b]) => `${key} is ${b ?? 'left out'}, not ${a ?? 'left out'}`);
}

function partsOf(tensors: NamedNdArrays): (string | Uint8Array)[] {
  return [...tensors].flatMap(([name, { data }]) => {
    const { buffer, byteOffset, byteLength } = data as Float32Array;
    return [name, new Uint8Array(buffer, byteOffset, byteLength)];
  });
}

function hashOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
