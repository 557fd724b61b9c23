// Runs the C++ tests that `node scripts/build.mjs --tests` (the target build-cpp-tests) has built.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const folder = new URL('../native/', import.meta.url);
const sources = fileURLToPath(new URL('../../native/test/', import.meta.url));

for (const file of readdirSync(sources).filter((name) => name.endsWith('-test.cpp'))) {
  const name = file.slice(0, -'.cpp'.length);
  const program = fileURLToPath(new URL(name, folder));
  // Without a compiler there is none.
  const maybe = existsSync(program) ? test : test.skip;
  maybe(`${name} passes on every instruction set`, async (t) => {
    t.timeout(600_000, 'it takes a minute on two busy cores');
    const { stdout } = await run(program, [], { maxBuffer: 1 << 24 });
    t.log(stdout.trim().split('\n').at(-1));
    t.pass();
  });
}
