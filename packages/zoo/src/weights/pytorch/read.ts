import type { ReadWeightsOpts, SkippedEntry, WeightFile } from '../../api.js';
import { collectTensors, plainText } from './collect-tensors.js';
import { findSection, type Section } from './find-section.js';
import { isLegacyPytorch, readLegacyObject } from './read-legacy.js';
import { readZipObject } from './read-zip.js';

/**
 * Reads a PyTorch checkpoint, zip or legacy. The pickle is read as data: no code of the file runs. Calls that give tensors
 * are answered here, what others would have made is skipped and named, and a file with a call that only an attack makes is
 * refused.
 *
 * @param bytes - The whole file; the tensors own their memory.
 * @returns The tensors of the state dict with the names that it uses (`module.` prefixes included),
 *   the numbers and texts beside it (`epoch`, …) as metadata, and what was skipped.
 * @throws WeightFormatError
 */
export async function readPytorch(
  bytes: Uint8Array,
  opts: ReadWeightsOpts = {},
): Promise<WeightFile> {
  const object = isLegacyPytorch(bytes) ? readLegacyObject(bytes) : await readZipObject(bytes);
  const section = findSection(object, opts.section);
  const { tensors, metadata, skipped } = await collectTensors(section.dict, bytes.length);
  const beside = readAround(section);
  return {
    format: 'pt',
    tensors,
    metadata: { ...beside.metadata, ...metadata },
    skipped: [...skipped, ...beside.skipped],
  };
}

/** The plain values beside the section, and the names of the others. */
function readAround({ around }: Section): {
  metadata: Record<string, string>;
  skipped: SkippedEntry[];
} {
  const metadata: Record<string, string> = {};
  const skipped: SkippedEntry[] = [];
  let prefix = '';
  for (const { dict, key: followed } of around) {
    for (const [key, value] of dict) {
      const name = prefix + String(key);
      const text = plainText(value);
      if (text !== undefined) metadata[name] = text;
      else if (key !== followed && isSomething(value)) {
        skipped.push({ name, reason: `beside ${prefix}${followed}` });
      }
    }
    prefix += `${followed}.`;
  }
  return { metadata, skipped };
}

/** Not None and no empty list or dictionary. */
function isSomething(value: unknown): boolean {
  if (value instanceof Map) return value.size > 0;
  return Array.isArray(value) ? value.length > 0 : value !== null;
}
