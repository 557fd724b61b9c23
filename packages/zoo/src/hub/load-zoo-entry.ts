import { readZooFile, zooPath } from '#zoo-files';
import type { WeightFile } from '../api.js';
import { WeightFormatError } from '../errors.js';
import { readWeights } from '../weights/read-weights.js';
import { findZooEntry, type ZooEntry } from './registry.js';

export interface LoadZooEntryOpts {
  /** Folder that holds the weight files. Default: `$GENESIS_ZOO`, else `~/.cache/genesis/zoo`. */
  readonly directory?: string;
}

/** Weights of the zoo folder. */
export interface OfficialWeights extends WeightFile {
  readonly entry: ZooEntry;
  /** Of the file. */
  readonly path: string;
}

/**
 * Loads a model of the zoo from the local zoo folder (Node only). Licences of the official weights
 * do not let us pass them on, so a missing file is an error that says where to get it and where to
 * put it; nothing is downloaded.
 *
 * @throws WeightFormatError (`not-found`, `not-downloaded`, or why the file cannot be read)
 */
export async function loadZooEntry(
  name: string,
  opts: LoadZooEntryOpts = {},
): Promise<OfficialWeights> {
  const entry = findZooEntry(name);
  const path = zooPath(entry.file, opts.directory);
  let bytes: Uint8Array;
  try {
    bytes = await readZooFile(path);
  } catch (error) {
    throw new WeightFormatError(
      'not-downloaded',
      `'${name}' is not there: get ${entry.file} from ${entry.homepage} and put it at ${path} (licence: ${entry.license})`,
      { cause: error },
    );
  }
  return { ...(await readWeights(bytes, { format: entry.format })), entry, path };
}
