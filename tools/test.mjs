// npm test: installs, builds, lints and runs every test; the last line counts them.
import { build, install, run } from './lib/workspace.mjs';

/** Adds up what ava prints at the end of each package: "12 tests passed", "1 test failed", … */
function count(output, word) {
  const pattern = new RegExp(
    `(\\d+) (?:tests?|known failures?|uncaught exceptions?|unhandled rejections?) ?(?:${word})`,
    'g',
  );
  return [...output.matchAll(pattern)].reduce((sum, match) => sum + Number(match[1]), 0);
}

await install();
await build('build', 'build-tests', 'build-cpp-tests');
/** Checks beside the tests; each counts as one. */
const checks = [
  await run('npx', ['biome', 'ci', '--colors=off', '.'], { quiet: true }),
  await run(process.execPath, ['tools/lint/lint.mjs'], { quiet: true }),
  await run('npx', ['typedoc', '--emit', 'none', '--treatWarningsAsErrors'], { quiet: true }),
];
const broken = checks.filter(({ code }) => code !== 0).length;
const tests = await run('npx', [
  'nx',
  'run-many',
  '-t',
  'test',
  'sanitize',
  '--parallel=1',
  '--output-style=stream',
  '--nx-bail=false',
]);
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours are control characters
const output = tests.output.replace(/\u001b\[[0-9;]*m/g, '');
const passed = count(output, 'passed') + checks.length - broken;
let failed = count(output, 'failed') + broken;
const skipped = count(output, 'skipped');
// A test process that crashed may have counted nothing.
if (tests.code !== 0 && failed === broken) failed++;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
