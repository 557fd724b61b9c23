import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { CALL_KEYS, DATA_KEYS, MACHINE_KEYS } from './option-keys.js';

/** Options that say where a run is and on what machine; its weights do not depend on them. */
const PLACES = new Set<string>([...DATA_KEYS, ...CALL_KEYS, ...MACHINE_KEYS, 'engine']);

/**
 * The options of a run without those of its place, as they may be passed on: no path of a machine among them.
 *
 * @param config - As config.json has them, defaults filled in.
 */
export function recipeOptions(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(config).filter(([key]) => !PLACES.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'init' ? withoutFolder(String(value)) : value]),
  );
}

/** 'none' and what is had from a hub as they are; of a path its last part. */
export function withoutFolder(init: string): string {
  return /^\w+:[^\\]/.test(init) ? init : basename(init);
}

/** SHA-256 of options as JSON with sorted keys. */
export function recipeHash(options: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(options)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inside]) => [key, sorted(inside)]));
}
