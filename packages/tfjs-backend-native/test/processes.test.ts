import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';

const run = promisify(execFile);
const folder = new URL('../../test/processes/', import.meta.url);

/** Runs a script in a fresh process; resolves with what it printed and rejects when it crashes. */
async function script(source: string, env: Record<string, string> = {}): Promise<string> {
  const prelude = `
    import { Worker } from 'node:worker_threads';
    const work = ${JSON.stringify(new URL('work.mjs', folder).href)};
    const start = (workerData) => new Worker(new URL(work), { workerData, execArgv: [] });
    const message = (worker) => new Promise((done) => worker.once('message', done));
    const end = (worker) => new Promise((done) => worker.once('exit', done));`;
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', prelude + source],
    // Task runners force colours, which console.log would print around numbers.
    { env: { ...process.env, FORCE_COLOR: '0', ...env }, cwd: folder, timeout: 60_000 },
  );
  return stdout.trim();
}

const onMain = 'const { right } = await import(work); console.log(right());';

test('main thread only', async (t) => {
  t.is(await script(onMain), 'true');
});

test('worker only, which ends before the process', async (t) => {
  const out = await script(
    'const w = start("once"); const ends = end(w); console.log(await message(w), await ends);',
  );
  t.is(out, 'true 0');
});

test('worker first, then the main thread, then the worker ends, then main again', async (t) => {
  const out = await script(`
    const w = start('until told');
    console.log(await message(w));
    ${onMain}
    const ends = end(w);
    w.postMessage('end');
    console.log(await ends, right());`);
  t.is(out, 'true\ntrue\n0 true');
});

test('workers one after another, the main thread never', async (t) => {
  const out = await script(`
    for (let i = 0; i < 3; i++) {
      const w = start('once');
      const ends = end(w);
      console.log(await message(w), await ends);
    }`);
  t.is(out, 'true 0\ntrue 0\ntrue 0');
});

test('two workers and the main thread at once', async (t) => {
  const out = await script(`
    const { right } = await import(work);
    const results = [start('once'), start('once')].map(message);
    console.log(right(), ...(await Promise.all(results)));`);
  t.is(out, 'true true true');
});

test('a worker that is terminated in the middle of its kernels', async (t) => {
  const out = await script(`
    const { right } = await import(work);
    for (let i = 0; i < 3; i++) {
      const w = start('forever');
      await message(w);
      await new Promise((done) => setTimeout(done, 30));
      await w.terminate();
    }
    console.log(right());`);
  t.is(out, 'true');
});

test('the process ends while a worker computes', async (t) => {
  const out = await script(`
    await message(start('forever'));
    console.log('leaving');
    process.exit(0);`);
  t.is(out, 'leaving');
});

test('the environment sets threads and instruction set; impossible ones are ignored', async (t) => {
  const status = `const { nativeStatus } = await import('@genesis/tfjs-backend-native');
    const { isa, threads } = nativeStatus(); console.log(isa, threads);`;
  t.is(await script(status, { GENESIS_NUM_THREADS: '3', GENESIS_ISA: 'base' }), 'base 3');
  const usual = await script(status);
  t.is(await script(status, { GENESIS_NUM_THREADS: 'many', GENESIS_ISA: 'mmx' }), usual);
});

const taskset = (() => {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

(taskset ? test : test.skip)(
  'threads follow the affinity of the process and a Slurm task’s share',
  async (t) => {
    const source = `const { nativeStatus } = await import('@genesis/tfjs-backend-native');
    console.log(nativeStatus().threads);`;
    const pinned = ['-c', '0', process.execPath, '--input-type=module', '--eval', source];
    const env = { ...process.env, FORCE_COLOR: '0', GENESIS_NUM_THREADS: '' };
    t.is((await run('taskset', pinned, { env, cwd: folder })).stdout.trim(), '1');
    t.is(await script(source, { GENESIS_NUM_THREADS: '', SLURM_CPUS_PER_TASK: '1' }), '1');
    t.is(await script(source, { GENESIS_NUM_THREADS: '3', SLURM_CPUS_PER_TASK: '1' }), '3');
  },
);

test('every instruction set, forced by the environment, is right', async (t) => {
  for (const isa of ['base', 'avx2', 'avx512']) {
    t.is(await script(onMain, { GENESIS_ISA: isa }), 'true');
  }
});
