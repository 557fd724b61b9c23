import { nativeMemory, nativeStatus, trimNativeMemory } from '@genesis/tfjs-backend-native';
import { computeGradients, selectEngine, unet3d } from '@genesis/unet3d';
import * as tf from '@tensorflow/tfjs-core';
import test from 'ava';
import { availableMemory, memoryLine, stepMemory } from '#src/training/step-memory.js';

const network = (): ReturnType<typeof unet3d> =>
  unet3d({ inputShape: [32, 32, 32, 1], width: 8, levels: 3 });

const maybe = nativeStatus().available ? test : test.skip;

maybe(
  'the estimate covers what the tensors of a step take, and is not twice as much',
  async (t) => {
    await selectEngine('native');
    const model = network();
    const estimate = (samples: number): number => stepMemory({ model, samples })!;
    const measured = (samples: number): number => {
      trimNativeMemory();
      const x = tf.randomUniform([samples, 32, 32, 32, 1], 0, 1, 'float32', 1);
      const { loss, grads } = computeGradients(model, x, [x], ([y], [target]) =>
        tf.mean(tf.squaredDifference(y, target)),
      );
      tf.dispose([x, loss]);
      tf.dispose(grads);
      return nativeMemory().peak;
    };
    measured(1);
    const each = (measured(4) - measured(1)) / 3;
    const foreseen = (estimate(4) - estimate(1)) / 3;
    t.true(foreseen > each && foreseen < 2 * each, `${foreseen} for ${each}`);
    t.true(estimate(1) > measured(1));
    model.dispose();
  },
);

test('where memory is short, the batch or the crop that fits is named', (t) => {
  const model = network();
  const need = (samples: number): number => stepMemory({ model, samples })!;
  t.like(memoryLine({ model, samples: 4 }, need(4)), { enough: true });
  const short = memoryLine({ model, samples: 4 }, need(4) - 1);
  t.false(short?.enough);
  t.regex(short?.text ?? '', /GiB are free: a batch of 3 fits \(--batch 3\)$/);
  t.regex(
    memoryLine({ model, samples: 4, parts: 2 }, need(2))?.text ?? '',
    /a batch of 4 fits \(--batch 4\)$/,
  );
  t.regex(
    memoryLine({ model, samples: 2 }, need(1) - 1)?.text ?? '',
    /a crop of 28×32×32 fits \(--batch 1 --crop 28,32,32\)$/,
  );
  t.regex(memoryLine({ model, samples: 1 }, 1e6)?.text ?? '', /a smaller network is needed/);
  model.dispose();
});

test('a network of open size has no estimate', (t) => {
  const model = unet3d({ inputShape: [null, null, null, 1], width: 2, levels: 2 });
  t.is(stepMemory({ model, samples: 1 }), undefined);
  t.is(memoryLine({ model, samples: 1 }, 1), undefined);
  model.dispose();
});

test('memory that may be taken is known', (t) => {
  t.true(availableMemory() > 1e6);
});
