import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../test/tfjs-ops/run.mjs', import.meta.url));

interface Spec {
  name: string;
  status: 'passed' | 'failed' | 'pending' | 'excluded';
  message?: string;
}

/** Specs that tfjs 4.22 publishes for its operations, gradients, optimisers and tensors. */
const PUBLISHED_SPECS = 3342;

for (const isa of ['auto', 'base']) {
  test(`the tests that tfjs publishes for its operations pass (${isa})`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'genesis-ops-'));
    const output = join(folder, 'specs.json');
    await run(process.execPath, [script, 'native', output], {
      env: { ...process.env, GENESIS_ISA: isa },
      maxBuffer: 1 << 26,
    });
    const specs = JSON.parse(readFileSync(output, 'utf8')) as Spec[];
    rmSync(folder, { recursive: true });
    const failed = specs.filter((spec) => spec.status === 'failed');
    t.deepEqual(
      failed.map(({ name, message }) => `${name}: ${message}`),
      [],
    );
    const passed = specs.filter((spec) => spec.status === 'passed').length;
    t.log(`${passed} of ${specs.length} specs passed`);
    t.is(passed, PUBLISHED_SPECS);
  });
}
