import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readMetrics } from '@genesis/trainer';
import { decodeSafetensors } from '@genesis/zoo';
import test from 'ava';
import { runCli } from '../helpers/runCli.js';
import { tempFolder } from '../helpers/tempFolder.js';
import { writePhantoms } from '../helpers/volumes.js';

async function tensors(run: string): Promise<Map<string, Buffer>> {
  const file = decodeSafetensors(await readFile(join(run, 'checkpoints', 'last.safetensors')));
  return new Map(
    [...file.tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ]),
  );
}

for (const [optimizer, workers] of [
  ['sgd', '0'],
  ['adam', '2'],
] as const) {
  test(`Ctrl-C and --resume give the weights of an uninterrupted run, bit by bit: ${optimizer}, ${workers} workers`, async (t) => {
    const folder = await tempFolder(t);
    await writePhantoms(join(folder, 'in'), 4, [32, 32, 32]);
    const args = (out: string): string[] => [
      ...['pretrain', '--data', join(folder, 'in'), '--out', join(folder, out)],
      ...['--crop', '16,16,16', '--width', '2', '--levels', '3', '--batch', '2', '--epochs', '3'],
      ...['--crops-per-volume', '8', '--validation-crops', '4', '--patience', '2'],
      ...['--optimizer', optimizer, '--schedule', 'plateau', '--schedule-epochs', '1'],
    ];
    t.is((await runCli(args('whole'))).code, 0);

    // After the first epoch, so that best value, schedule and early stopping have something to remember.
    let signalled = false;
    const stopped = await runCli([...args('parts'), '--workers', workers], {
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

    const resumed = await runCli([...args('parts'), '--resume', '--json']);
    t.is(resumed.code, 0, resumed.stderr);
    const [whole, parts] = [
      await tensors(join(folder, 'whole')),
      await tensors(join(folder, 'parts')),
    ];
    t.deepEqual([...parts.keys()], [...whole.keys()]);
    for (const [name, bytes] of whole)
      t.true(bytes.equals(parts.get(name) ?? Buffer.alloc(0)), name);
    const steps = async (run: string) =>
      (await readMetrics(join(folder, run, 'metrics.jsonl'))).filter(({ kind }) => kind === 'step');
    t.deepEqual(await steps('parts'), await steps('whole'));
  });
}
