// The C++ tests under AddressSanitizer with UBSan, and under ThreadSanitizer. Every report ends a program with a
// failure. The convolutions take one shape per path through the kernels; `conv-test` without --brief, from
// build/native-thread or -address, runs the others.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

interface Toolchain {
  command: string;
  compile: string[];
  program: string[];
}

/**
 * How programs with a sanitizer are started here: as they are, or without randomised addresses, which
 * older ThreadSanitizers do not survive on newer kernels. Throws where the compiler lacks the sanitizer.
 */
async function launcher(sanitizer: string): Promise<string[]> {
  const url = pathToFileURL(join(root, 'scripts', 'lib', 'toolchain.mjs')).href;
  const { findToolchain } = (await import(url)) as {
    findToolchain: (sanitizer: string) => Toolchain;
  };
  const { command, compile, program } = findToolchain(sanitizer);
  const folder = mkdtempSync(join(tmpdir(), 'genesis-sanitizer-'));
  const source = join(folder, 'empty.cpp');
  const output = join(folder, 'empty');
  try {
    writeFileSync(source, 'int main() { return 0; }\n');
    await run(command, [...compile, source, ...program, '-o', output]);
    try {
      await run(output);
      return [];
    } catch {
      await run('setarch', ['-R', output]);
      return ['setarch', '-R'];
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const sanitizer of ['address', 'thread']) {
  // One after the other: each keeps every processor busy.
  test.serial(`the C++ tests are clean under the ${sanitizer} sanitizer`, async (t) => {
    t.timeout(900_000, 'the programs compile and run');
    let prefix: string[];
    try {
      prefix = await launcher(sanitizer);
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: string };
      t.log(`skipped: no such sanitizer here: ${(stderr || message).trim().split('\n')[0]}`);
      t.pass();
      return;
    }
    const built = await run(
      process.execPath,
      ['scripts/build.mjs', '--tests', `--sanitize=${sanitizer}`],
      { cwd: root },
    );
    const programs = built.stdout.trim().split('\n');
    t.true(programs.length >= 3);
    for (const program of programs) {
      const args = basename(program) === 'conv-test' ? ['--brief'] : [];
      const [command, ...rest] = [...prefix, program, ...args];
      const start = performance.now();
      const { stdout } = await run(command, rest, { cwd: root, maxBuffer: 1 << 24 });
      const seconds = ((performance.now() - start) / 1e3).toFixed(1);
      t.log(`${basename(program)}: ${stdout.trim().split('\n').at(-1)}, ${seconds} s`);
    }
  });
}
