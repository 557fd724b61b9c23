// npm start: installs, builds, pre-trains a small model on sample volumes and shows the result.
import { existsSync } from 'node:fs';
import { build, install, root, run } from './lib/workspace.mjs';

const genesis = [`${root}/packages/trainer/dist/cli/main.js`];
const samples = `${root}/genesis-runs/samples`;
const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
const out = `${root}/genesis-runs/pretrain-${stamp}`;

/** Runs the genesis command in this terminal; ends the process with its exit code when it fails. */
async function command(...args) {
  const { code } = await run(process.execPath, [...genesis, ...args], { inherit: true });
  if (code !== 0) process.exit(code);
}

await install();
await build('build');
if (!existsSync(samples)) await command('phantom', '--out', samples, '--count', '8', '--seed', '0');
// Small crops: in two minutes a small network sees many more of them, and its restorations show it. The rate is high, as so short a
// run needs it, and has fallen to nothing when the time is up.
const small = ['--crop', '32,32,32', '--batch', '4', '--width', '8', '--norm', 'instance'];
const short = ['--learning-rate', '0.006', '--schedule', 'poly', '--warm-up', '0.05'];
await command(
  'pretrain',
  '--images',
  samples,
  '--out',
  out,
  ...small,
  ...short,
  '--max-minutes',
  '2',
);
