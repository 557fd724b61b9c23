import { basename, join, resolve } from 'node:path';
import { isGenesisError } from '@genesis/core';
import { atomicWrite } from '@genesis/core/node';
import { checkOutputs } from '../data/check-outputs.js';
import { makeFolders } from '../data/output-paths.js';
import { TrainerError } from '../errors.js';
import type { ExportFiles, ExportSource } from '../export/api.js';
import { type ExportFormat, exportFormats } from '../export/formats.js';
import { openEngine } from '../model/open-engine.js';
import { runOfFile } from '../run/layout.js';
import { loadTrained } from './load-model.js';

/** Options of {@link exportModel}. */
export interface ExportModelOpts {
  /** Folder of a run, a weight file out of one, or a published model such as `zoo:NAME`. */
  readonly model: string;
  /** `onnx`, `pytorch` (a state dict), `safetensors` (the same), `tfjs` or `bundle` (of MONAI). */
  readonly format: ExportFormat;
  /** The folder to write into; made when it is missing. */
  readonly out: string;
  /** Halves instead of float32: ONNX convolves in them; other formats keep kernels as halves. Default false. */
  readonly half?: boolean;
  /** Replace files that are there already. Default false. */
  readonly overwrite?: boolean;
  /** Told what is fetched of a published model, and on which terms it may be used. */
  readonly onNote?: (text: string) => void;
}

/**
 * Writes the best weights of a run for other programs, with `genesis.json` beside them that says how a volume is prepared, covered with
 * windows and what the outputs mean; see ExportDescription. The same weights give the same bytes.
 *
 * @returns The paths of what was written.
 * @throws TrainerError 'run-missing', 'run-broken'; 'bad-argument' for what the format cannot hold and for files that are there already;
 *   'weights' for values that halves cannot hold. HubError; GenesisError 'write-failed'.
 */
export async function exportModel(opts: ExportModelOpts): Promise<string[]> {
  const { format, out, half = false, overwrite = false, onNote } = opts;
  // No network runs, so the engine that is always there will do.
  await openEngine({ engine: 'cpu' });
  const { info: card, model, file } = await loadTrained(opts.model, { onNote });
  const name = basename(resolve(runOfFile(file) ?? opts.model)).replace(/\.safetensors$/, '');
  try {
    const files = await contentsOf(format, { card, model, half, name }, file);
    const paths = [...files.keys()].map((path) => join(out, path));
    await checkOutputs({ inputs: [file], outputs: paths, overwrite });
    await makeFolders(paths);
    for (const [path, contents] of files) await atomicWrite(join(out, path), contents);
    return paths;
  } finally {
    model.dispose();
  }
}

async function contentsOf(
  format: ExportFormat,
  source: ExportSource,
  file: string,
): Promise<ExportFiles> {
  const write = await exportFormats[format]();
  try {
    return await write(source);
  } catch (cause) {
    if (cause instanceof TrainerError || !isGenesisError(cause)) throw cause;
    throw new TrainerError('weights', `${file}: ${cause.message}`, { file, cause });
  }
}
