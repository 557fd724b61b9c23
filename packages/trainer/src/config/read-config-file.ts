import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { systemReason } from '@genesis/core/node';
import { parse as parseYaml } from 'yaml';
import { TrainerError } from '../errors.js';

/**
 * Reads a configuration file: JSON for `.json`, YAML for everything else.
 *
 * @throws TrainerError 'bad-config' when it cannot be read or is not a mapping of options.
 */
export async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new TrainerError(
      'bad-config',
      `cannot read the configuration ${path}: ${systemReason(cause)}`,
      { file: path, cause },
    );
  }
  let value: unknown;
  try {
    value = extname(path).toLowerCase() === '.json' ? JSON.parse(text) : parseYaml(text);
  } catch (cause) {
    const [reason] = (cause as Error).message.split('\n');
    throw new TrainerError('bad-config', `${path} is not valid: ${reason}`, { file: path, cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TrainerError('bad-config', `${path} does not hold options (key: value)`, {
      file: path,
    });
  }
  return value as Record<string, unknown>;
}
