import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { finetune, loadModel, TrainerError } from '@genesis/trainer';
import test from 'ava';
import { resolveConfig } from '#src/config/resolve-config.js';
import { chooseObjective } from '#src/tasks/pretrain/choose-objective.js';
import { pretrainOptions } from '#src/tasks/pretrain/options.js';
import { placesOf } from '#src/tasks/pretrain/voxel-outputs/places.js';
import { pretrainRamps } from '../helpers/pretrain-ramps.js';
import { writeBalls } from '../helpers/volumes.js';

test('places lie between -1 and 1 along each axis of a scan', (t) => {
  // The last 2 × 3 × 1 voxels of a scan of 4 × 3 × 5.
  const places = placesOf(
    [{ first: [1 / 4, -2 / 3, 4 / 5], step: [1 / 2, 2 / 3, 2 / 5] }],
    [2, 3, 1],
  );
  // x, y, z of each voxel, the last axis first.
  const expected = [1 / 4, 3 / 4].flatMap((x) => [-2 / 3, 0, 2 / 3].flatMap((y) => [x, y, 4 / 5]));
  t.deepEqual(places, Float32Array.from(expected));
});

test('only crops that are restored and not mirrored are placed', (t) => {
  const needed = { images: 'in', out: 'run', places: 0.1 };
  const message = (given: Record<string, unknown>): string =>
    t.throws(() => chooseObjective(resolveConfig(pretrainOptions, { ...needed, ...given })), {
      instanceOf: TrainerError,
    })?.message ?? '';
  t.regex(message({}), /mirrored crop does not show where it lies/);
  t.regex(message({ proxyTask: 'rotation' }), /which 'rotation' does not/);
  const still = { proxyOptions: { flip: { rate: 0 } } };
  t.true(chooseObjective(resolveConfig(pretrainOptions, { ...needed, ...still })).needsSites);
});

test.serial(
  'a network learns where it is, better than the best constant; a resumed run is the same',
  async (t) => {
    const folder = await tempFolder(t);
    const { whole, parts } = await pretrainRamps(folder, {
      proxyOptions: { patch: [4, 4, 4], ratio: 0.5 },
      maskedLoss: true,
      places: 0.1,
    });
    const { explainedPlaces, loss, restoringMse } = whole.best?.validation ?? {};
    t.true(loss > restoringMse, 'the loss counts the places too');
    t.true(explainedPlaces > 0.3, `explained ${explainedPlaces}`);
    t.deepEqual(parts.best, whole.best);

    const { model } = await loadModel(join(folder, 'whole'));
    t.deepEqual(
      model.outputs.map(({ shape }) => shape.at(-1)),
      [1, 3],
    );
    model.dispose();

    await writeBalls(join(folder, 'seg'), 3, [16, 16, 16]);
    const notes: string[] = [];
    await finetune({
      task: 'segmentation',
      images: join(folder, 'seg', 'images'),
      labels: join(folder, 'seg', 'labels'),
      init: join(folder, 'whole'),
      out: join(folder, 'seg-run'),
      epochs: 1,
      batch: 4,
      onEvent: (event) => {
        if (event.type === 'note') notes.push(event.text);
      },
    });
    const transfer = notes.find((text) => text.startsWith('weights from')) ?? '';
    t.notRegex(transfer, /random: (encoder|decoder)/);
    t.regex(transfer, /unused: head\.places/);
  },
);
