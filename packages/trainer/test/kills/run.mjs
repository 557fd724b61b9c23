#!/usr/bin/env node
// Kills a small pre-training with signal 9 at random moments, resumes it until it is done, and compares its weights with
// those of one that nobody disturbed. Half of the kills happen in process namespaces of their own, as in containers that
// are restarted, where every process is number 1.
//
//   node packages/trainer/test/kills/run.mjs [--kills 20] [--seed 0] [--epochs 5] [--plain-only]
//
// Prints a line a run; exit status 1 when weights differ, or when resuming needs more than `--resume`. The packages must
// be built.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '0' },
    epochs: { type: 'string', default: '5' },
    'plain-only': { type: 'boolean', default: false },
  },
});

const genesis = fileURLToPath(new URL('../../bin/genesis.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'genesis-kills-'));
const phantoms = join(folder, 'phantoms');

// splitmix32: the same moments for the same seed, as far as the machine keeps time
let state = Number(options.seed) | 0;
function random() {
  state = (state + 0x9e3779b9) | 0;
  let t = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
  return ((t ^ (t >>> 15)) >>> 0) / 4294967296;
}

/** Tensors of a checkpoint, without the metadata, which holds times. */
function weightsOf(path) {
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const hash = createHash('sha256');
  for (const name of Object.keys(header).sort()) {
    if (name === '__metadata__') continue;
    const [begin, end] = header[name].data_offsets;
    hash.update(name).update(bytes.subarray(8 + length + begin, 8 + length + end));
  }
  return hash.digest('hex').slice(0, 16);
}

const hashes = (out) =>
  ['last', 'best']
    .map((name) => weightsOf(join(out, 'checkpoints', `${name}.safetensors`)))
    .join(' ');

/** Starts or resumes the run in `out`. */
function start(out, inNamespace) {
  const small = ['--crop', '32,32,32', '--batch', '2', '--width', '8', '--crops-per-volume', '4'];
  const args = [genesis, 'pretrain', '--data', phantoms, '--out', out, ...small];
  args.push('--validation-crops', '4', '--epochs', options.epochs, '--seed', '3', '--quiet');
  if (existsSync(join(out, 'config.json'))) args.push('--resume');
  const command = inNamespace
    ? ['unshare', '-pf', '--kill-child', process.execPath]
    : [process.execPath];
  const child = spawn(command[0], [...command.slice(1), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, errors }));
  const kill = () => {
    if (!inNamespace) return child.kill('SIGKILL');
    // The process itself, not the one that made its namespace.
    try {
      const inner = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' });
      return process.kill(Number(inner), 'SIGKILL');
    } catch {
      return false; // it has ended
    }
  };
  return { ended, kill };
}

/** Kills and resumes runs until `kills` have happened, then lets the last one end. Returns the number of faults. */
async function kill(kills, inNamespace, expected, seconds) {
  let faults = 0;
  let done = 0;
  for (let number = 1; done < kills; number++) {
    const out = join(folder, `${inNamespace ? 'namespace' : 'plain'}-${number}`);
    const moments = [];
    for (;;) {
      const { ended, kill } = start(out, inNamespace);
      const wait = random() * 0.8 * seconds;
      let killed = false;
      const timer =
        done < kills &&
        setTimeout(() => {
          if (kill()) {
            killed = true;
            done++;
            moments.push(wait.toFixed(1));
          }
        }, wait * 1000);
      const { code, errors } = await ended;
      clearTimeout(timer);
      if (code === 0) break;
      if (killed) continue;
      console.log(`FAULT ${out}: exit status ${code}: ${errors.trim()}`);
      faults++;
      break;
    }
    const found = existsSync(join(out, 'checkpoints', 'last.safetensors')) ? hashes(out) : 'none';
    const left = readdirSync(out).filter((name) => name.startsWith('.'));
    const same = found === expected && left.length === 0;
    if (!same) faults++;
    const where = inNamespace ? 'in namespaces' : 'plain';
    console.log(
      `${same ? 'same' : 'FAULT'} ${where}: killed after ${moments.join(', ') || 'never'} s: ${found}${left.length ? `, left: ${left}` : ''}`,
    );
    rmSync(out, { recursive: true });
  }
  return faults;
}

try {
  execFileSync(process.execPath, [
    genesis,
    ...['phantom', '--out', phantoms, '--count', '4', '--seed', '0', '--shape', '48,48,40'],
  ]);
  const reference = join(folder, 'reference');
  const begun = performance.now();
  const { code, errors } = await start(reference, false).ended;
  if (code !== 0) throw new Error(errors);
  const seconds = (performance.now() - begun) / 1000;
  const expected = hashes(reference);
  console.log(`undisturbed: ${expected}, ${seconds.toFixed(1)} s`);
  const kills = Number(options.kills);
  let faults = await kill(kills, false, expected, seconds);
  if (!options['plain-only']) faults += await kill(kills, true, expected, seconds);
  console.log(`${faults} faults`);
  process.exitCode = faults === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
