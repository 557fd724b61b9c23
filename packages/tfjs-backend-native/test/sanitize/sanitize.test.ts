// The C++ tests under AddressSanitizer with UBSan, and under ThreadSanitizer: the target `sanitize`. Every report ends a
// program with a failure. The convolutions take one shape per path through the kernels; `conv-test` without --brief, from
// build/native-thread or -address, runs the others.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const rootUrl = new URL('../../../', import.meta.url);
const root = fileURLToPath(rootUrl);

interface Toolchain {
  command: string[];
  compile: string[];
  program: string[];
}

/**
 * How programs with a sanitizer are started here: as they are, or without randomized addresses, which
 * older ThreadSanitizers do not survive on newer kernels. Undefined where the compiler lacks the sanitizer, or there is
 * no compiler.
 */
async function launcher(sanitize: string): Promise<string[] | undefined> {
  const url = new URL('scripts/lib/toolchain.mjs', rootUrl).href;
  const { findToolchain } = (await import(url)) as {
    findToolchain: (options: { sanitize: string }) => Toolchain;
  };
  const folder = mkdtempSync(join(tmpdir(), 'genesis-sanitizer-'));
  const source = join(folder, 'empty.cpp');
  const output = join(folder, 'empty');
  try {
    const { command, compile, program } = findToolchain({ sanitize });
    writeFileSync(source, 'int main() { return 0; }\n');
    await run(command[0], [...compile, source, ...program, '-o', output]);
    try {
      await run(output);
      return [];
    } catch {
      await run('setarch', ['-R', output]);
      return ['setarch', '-R'];
    }
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const sanitizers = ['address', 'thread'];
// Tests must be declared at once, so all is awaited first.
const prefixes = await Promise.all(sanitizers.map(launcher));

sanitizers.forEach((sanitizer, i) => {
  const prefix = prefixes[i];
  // One after the other: each keeps every processor busy.
  const maybe = prefix === undefined ? test.serial.skip : test.serial;
  maybe(`the C++ tests are clean under the ${sanitizer} sanitizer`, async (t) => {
    t.timeout(900_000, 'the programs compile and run');
    const built = await run(
      process.execPath,
      ['scripts/build.mjs', '--tests', `--sanitize=${sanitizer}`],
      { cwd: root },
    );
    const programs = built.stdout.trim().split('\n');
    t.is(programs.length, 5);
    for (const program of programs) {
      const args = basename(program) === 'conv-test' ? ['--brief'] : [];
      const [command, ...rest] = [...(prefix ?? []), program, ...args];
      const start = performance.now();
      const { stdout } = await run(command, rest, { cwd: root, maxBuffer: 1 << 24 });
      const seconds = ((performance.now() - start) / 1e3).toFixed(1);
      t.log(`${basename(program)}: ${stdout.trim().split('\n').at(-1)}, ${seconds} s`);
    }
  });
});
