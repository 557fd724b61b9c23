import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const FUZZ = fileURLToPath(new URL('../../../../tools/fuzz/volume-io.mjs', import.meta.url));

/** The fuzz target is part of the repository, not of the package. */
const inRepository = existsSync(FUZZ) ? test : test.skip;

inRepository('damaged files of every format give a VolumeIoError or a valid volume', async (t) => {
  // The full run is `node tools/fuzz/volume-io.mjs`: 5,000 files.
  const run = promisify(execFile)(process.execPath, [FUZZ, '--count', '260', '--seed', '7']);
  const { stdout } = await run.catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
  t.regex(stdout, /260 files, seed 7, 0 failures/);
});
