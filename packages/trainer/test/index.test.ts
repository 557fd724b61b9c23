import * as trainer from '@genesis/trainer';
import test from 'ava';

test('the public names', (t) => {
  t.deepEqual(Object.keys(trainer).sort(), [
    'TrainerError',
    'convert',
    'doctor',
    'evaluate',
    'finetune',
    'info',
    'loadModel',
    'phantom',
    'predict',
    'pretrain',
    'readMetrics',
    'slidingWindow',
  ]);
});
