import { spawnSync } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mpiStatus } from '@genesis/mpi';
import { hasMpirun, type RanksResult, relativeL2, runRanks, tempFolder } from '@genesis/testing';
import { readMetrics } from '@genesis/trainer';
import { decodeSafetensors } from '@genesis/zoo';
import test, { type ExecutionContext } from 'ava';
import { writeBalls, writePhantoms } from '../helpers/volumes.js';

const canRun = mpiStatus().usable && hasMpirun;
const withMpi = canRun ? test.serial : test.serial.skip;
const skipped = canRun ? '' : ' (no MPI here)';

const script = fileURLToPath(new URL('../../../test/ranks/genesis.mjs', import.meta.url));

/** The command in one process, with the same precision. */
async function runAlone(
  t: ExecutionContext,
  folder: string,
  args: readonly string[],
): Promise<void> {
  const { status, stderr } = spawnSync(process.execPath, [script, folder, ...args], {
    encoding: 'utf8',
  });
  t.is(status, 0, stderr);
}

/** The command on several ranks. */
function runTogether(
  ranks: number,
  folder: string,
  args: readonly string[],
  onOutput?: (text: string) => void,
): Promise<RanksResult> {
  return runRanks(ranks, [script, folder, ...args], { onOutput });
}

async function lossesOf(run: string): Promise<number[]> {
  const records = await readMetrics(join(run, 'metrics.jsonl'));
  return records.flatMap((record) => (record.kind === 'step' ? [record.loss] : []));
}

async function weightsOf(run: string): Promise<Map<string, Float32Array>> {
  const file = decodeSafetensors(await readFile(join(run, 'checkpoints', 'last.safetensors')));
  return new Map([...file.tensors].map(([name, { data }]) => [name, data as Float32Array]));
}

/** Losses step by step and weights, of two runs. */
async function compare(
  t: ExecutionContext,
  expected: string,
  found: string,
  tolerance: { loss: number; weights: number },
): Promise<void> {
  const [a, b] = [await lossesOf(expected), await lossesOf(found)];
  t.is(b.length, a.length);
  const worst = Math.max(...a.map((loss, n) => Math.abs(loss - b[n]) / Math.abs(loss)));
  t.true(worst <= tolerance.loss, `losses differ by ${worst}`);
  const [wanted, weights] = [await weightsOf(expected), await weightsOf(found)];
  // All together: the bias in front of a normalisation is moved by rounding errors alone.
  const together = (all: Map<string, Float32Array>): number[] =>
    [...wanted.keys()].flatMap((name) => [...(all.get(name) ?? [])]);
  const distance = relativeL2(
    Float32Array.from(together(weights)),
    Float32Array.from(together(wanted)),
  );
  t.true(distance <= tolerance.weights, `weights differ by ${distance}`);
}

// ELU has no kink: with ReLU a rounding error lets a voxel change sides now and then, which shows in the fifth digit of a loss.
const small =
  '--crop 16,16,16 --width 2 --levels 2 --activation elu --batch 4 --optimizer sgd --lr 0.05 --threads 1'.split(
    ' ',
  );

async function pretrainArgs(t: ExecutionContext): Promise<{ folder: string; args: string[] }> {
  const folder = await tempFolder(t);
  await writePhantoms(join(folder, 'in'), 3, [24, 24, 24]);
  const args = ['pretrain', '--images', join(folder, 'in'), ...small];
  args.push('--validation-crops', '6', '--crop-rule', 'any', '--epochs', '2');
  return { folder, args: [...args, '--steps-per-epoch', '6'] };
}

withMpi(`two and three ranks give the losses of one process${skipped}`, async (t) => {
  const { folder, args } = await pretrainArgs(t);
  const out = (name: string): string[] => ['--out', join(folder, name)];
  for (const norm of [
    ['--norm', 'instance'],
    ['--norm', 'batch', '--sync-norm'],
  ]) {
    const name = norm[1];
    await runAlone(t, folder, [...args, ...norm, ...out(`${name}-1`)]);
    for (const ranks of [2, 3]) {
      const found = await runTogether(ranks, folder, [
        ...args,
        ...norm,
        ...out(`${name}-${ranks}`),
      ]);
      t.is(found.code, 0, found.stderr);
      t.regex(found.stderr, new RegExp(`${ranks} processes on .* share batches of 4`));
      const runs = [1, ranks].map((size) => join(folder, `${name}-${size}`));
      await compare(t, runs[0], runs[1], { loss: 1e-5, weights: 1e-4 });
    }
  }
  // The same once more: the same bits.
  await runTogether(3, folder, [...args, '--norm', 'instance', ...out('again')]);
  await compare(t, join(folder, 'instance-3'), join(folder, 'again'), { loss: 0, weights: 0 });
  const half = await runTogether(2, folder, [
    ...args,
    ...['--norm', 'instance', '--reduce-as', 'float16', '--bucket-mb', '0.001'],
    ...out('half'),
  ]);
  t.is(half.code, 0, half.stderr);
  await compare(t, join(folder, 'instance-1'), join(folder, 'half'), { loss: 1e-3, weights: 1e-3 });
});

withMpi(`fine-tuning with a Dice over the batch is shared too${skipped}`, async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 4, [20, 18, 16]);
  const args = ['finetune', '--task', 'segmentation', '--images', join(folder, 'images')];
  args.push('--labels', join(folder, 'labels'), ...small, '--epochs', '2', '--sync-norm');
  await runAlone(t, folder, [...args, '--out', join(folder, 'one')]);
  const two = await runTogether(2, folder, [...args, '--out', join(folder, 'two')]);
  t.is(two.code, 0, two.stderr);
  await compare(t, join(folder, 'one'), join(folder, 'two'), { loss: 1e-5, weights: 1e-4 });
});

withMpi(
  `SIGTERM to one rank stops all at the same step and saves; another number of ranks goes on${skipped}`,
  async (t) => {
    const { folder, args } = await pretrainArgs(t);
    const all = [...args, '--norm', 'instance'];
    await runAlone(t, folder, [...all, '--out', join(folder, 'whole')]);
    const run = ['--out', join(folder, 'parts')];
    let signalled = false;
    const stopped = await runTogether(3, folder, [...all, ...run], (text) => {
      if (signalled || !text.includes('epoch 1/2')) return;
      signalled = true;
      readFile(join(folder, 'pid-1'), 'utf8').then((pid) => process.kill(Number(pid), 'SIGTERM'));
    });
    t.regex(stopped.stdout, /interrupted; continue with --resume/, stopped.stderr);
    const resumed = await runTogether(2, folder, [...all, ...run, '--resume']);
    t.is(resumed.code, 0, resumed.stderr);
    await compare(t, join(folder, 'whole'), join(folder, 'parts'), { loss: 1e-5, weights: 1e-4 });
  },
);

withMpi(
  `a rank that is killed ends all; nothing is left behind, and the run goes on${skipped}`,
  async (t) => {
    const { folder, args } = await pretrainArgs(t);
    const all = [...args, '--norm', 'instance'];
    const run = ['--out', join(folder, 'run')];
    let killed = false;
    const ended = await runTogether(3, folder, [...all, ...run], (text) => {
      if (killed || !text.includes('epoch 1/2')) return;
      killed = true;
      readFile(join(folder, 'pid-2'), 'utf8').then((pid) => process.kill(Number(pid), 'SIGKILL'));
    });
    t.true(killed, ended.stderr);
    t.not(ended.code, 0);
    for (const rank of [0, 1, 2]) {
      const pid = Number(await readFile(join(folder, `pid-${rank}`), 'utf8'));
      let isLeft = true;
      for (let tries = 0; isLeft && tries < 100; tries++) {
        await sleep(50);
        try {
          process.kill(pid, 0);
        } catch {
          isLeft = false;
        }
      }
      t.false(isLeft, `rank ${rank} is still there`);
    }
    const resumed = await runTogether(2, folder, [...all, ...run, '--resume']);
    t.is(resumed.code, 0, resumed.stderr);
    await runAlone(t, folder, [...all, '--out', join(folder, 'whole')]);
    await compare(t, join(folder, 'whole'), join(folder, 'run'), { loss: 1e-5, weights: 1e-4 });
  },
);

withMpi(`a rank that sees other data is named before the first step${skipped}`, async (t) => {
  const { folder, args } = await pretrainArgs(t);
  await writePhantoms(join(folder, 'other'), 2, [24, 24, 24]);
  for (const [rank, data] of ['in', 'other'].entries()) {
    await mkdir(join(folder, `cwd-${rank}`));
    await symlink(join(folder, data), join(folder, `cwd-${rank}`, 'data'));
  }
  const own = args.map((arg) => (arg === join(folder, 'in') ? 'data' : arg));
  const found = await runTogether(2, folder, [...own, '--out', join(folder, 'run')]);
  t.not(found.code, 0);
  t.regex(
    found.stderr,
    /genesis: rank 0 on .*: rank 1 on .* has other data than rank 0 on .*p2 is gone/,
  );
});

withMpi(`more ranks than samples are refused by one sentence${skipped}`, async (t) => {
  const { folder, args } = await pretrainArgs(t);
  const found = await runTogether(2, folder, [
    ...args,
    ...['--batch', '1', '--out', join(folder, 'run')],
  ]);
  t.not(found.code, 0);
  t.is(found.stderr.match(/genesis: /g)?.length, 1, found.stderr);
  t.regex(found.stderr, /a batch of 1 cannot be shared by 2 processes/);
});
