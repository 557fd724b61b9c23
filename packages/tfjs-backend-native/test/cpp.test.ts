import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

test('the C++ tests pass on every instruction set', async (t) => {
  t.timeout(600_000, 'the programs compile and run');
  const built = await run(process.execPath, ['scripts/build.mjs', '--tests'], { cwd: root });
  const programs = built.stdout.trim().split('\n');
  t.true(programs.length >= 2);
  for (const program of programs) {
    const { stdout } = await run(program, [], { cwd: root, maxBuffer: 1 << 24 });
    t.log(stdout.trim().split('\n').at(-1));
  }
});
