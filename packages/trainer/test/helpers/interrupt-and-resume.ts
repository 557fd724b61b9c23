import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMetrics } from '@genesis/trainer';
import { decodeSafetensors } from '@genesis/zoo';
import type { ExecutionContext } from 'ava';
import { runCli } from './run-cli.js';

async function tensors(run: string): Promise<Map<string, Buffer>> {
  const file = decodeSafetensors(await readFile(join(run, 'checkpoints', 'last.safetensors')));
  return new Map(
    [...file.tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ]),
  );
}

/** Runs a command of three epochs of twelve steps to its end, then again with an interruption after the first epoch; compares every tensor and loss. */
export async function interruptAndResume(
  t: ExecutionContext,
  folder: string,
  args: readonly string[],
  whilePartly: readonly string[],
): Promise<void> {
  const out = (name: string): string[] => ['--out', join(folder, name)];
  const whole = await runCli([...args, ...out('whole')]);
  t.is(whole.code, 0, whole.stderr);

  // After the first epoch, so that best value, schedule and early stopping have something to remember.
  let signalled = false;
  const stopped = await runCli([...args, ...out('parts'), ...whilePartly], {
    onStderr: (text, kill) => {
      if (signalled || !text.includes('epoch 1/3')) return;
      signalled = true;
      setTimeout(() => kill('SIGINT'), 60);
    },
  });
  t.is(stopped.code, 130, stopped.stderr);
  t.regex(stopped.stdout, /interrupted; continue with --resume/);
  await access(join(folder, 'parts', 'report.html'));
  const done = (await readMetrics(join(folder, 'parts', 'metrics.jsonl'))).at(-1)?.step ?? 0;
  t.true(done >= 12 && done < 36, `interrupted after step ${done}`);
  t.log(`interrupted after step ${done}`);

  const resumed = await runCli([...args, ...out('parts'), '--resume', '--json']);
  t.is(resumed.code, 0, resumed.stderr);
  t.like(JSON.parse(resumed.stdout), { reason: 'epochs', steps: 36 });
  const [a, b] = [await tensors(join(folder, 'whole')), await tensors(join(folder, 'parts'))];
  t.deepEqual([...b.keys()], [...a.keys()]);
  for (const [name, bytes] of a) t.true(bytes.equals(b.get(name) ?? Buffer.alloc(0)), name);
  const report = await readFile(join(folder, 'parts', 'report.html'), 'utf8');
  t.is(report.includes('Each deformation alone'), args.includes('pretrain'));
  const steps = async (run: string) =>
    (await readMetrics(join(folder, run, 'metrics.jsonl'))).filter(({ kind }) => kind === 'step');
  t.deepEqual(await steps('parts'), await steps('whole'));
}
