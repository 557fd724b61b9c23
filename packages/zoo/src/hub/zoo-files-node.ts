import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a file of the zoo lies: in `directory`, or else in `$GENESIS_ZOO` or `~/.cache/genesis/zoo`. */
export function zooPath(
  file: string,
  directory = process.env.GENESIS_ZOO ?? join(homedir(), '.cache', 'genesis', 'zoo'),
): string {
  return join(directory, file);
}

/** The bytes of a file. Rejects with the system's error. */
export function readZooFile(path: string): Promise<Uint8Array> {
  return readFile(path);
}
