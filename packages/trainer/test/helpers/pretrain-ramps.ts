import { join } from 'node:path';
import { type PretrainOpts, pretrain, type TrainingResult } from '@genesis/trainer';
import { writeRamps } from './volumes.js';

/** Pre-trains four epochs by masked auto-encoding on slopes: in `folder`/whole at once, in `folder`/parts stopped and resumed. */
export async function pretrainRamps(
  folder: string,
  opts: Partial<PretrainOpts>,
): Promise<{ readonly whole: TrainingResult; readonly parts: TrainingResult }> {
  await writeRamps(join(folder, 'in'), 5);
  const all = {
    images: join(folder, 'in'),
    crop: [12, 12, 12],
    width: 4,
    levels: 2,
    batch: 4,
    norm: 'instance',
    proxyTask: 'masked-autoencoding',
    cropsPerVolume: 16,
    validationCrops: 8,
    learningRate: 0.01,
    ...opts,
  } as const;
  const whole = await pretrain({ ...all, out: join(folder, 'whole'), epochs: 4 });
  await pretrain({ ...all, out: join(folder, 'parts'), epochs: 2 });
  const parts = await pretrain({ ...all, out: join(folder, 'parts'), epochs: 4, resume: true });
  return { whole, parts };
}
