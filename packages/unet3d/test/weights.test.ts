import {
  importWeights,
  LoadWeightsError,
  type NamedNdArrays,
  selectEngine,
  unet3d,
} from '@genesis/unet3d';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import test from 'ava';
import { readTensors } from './support/fixtures.js';
import { nnunetNetwork } from './support/nnunet-network.js';

test.before(() => selectEngine('cpu'));

const networks: Record<string, { file: string; build: () => LayersModel; dialect: string }> = {
  "the reference's PyTorch network": {
    file: 'pytorch_relu_step0',
    dialect: 'pytorch',
    build: () => unet3d({ inputShape: [null, null, null, 1], width: 2, levels: 2 }),
  },
  "nnU-Net's residual network": {
    file: 'nnunet_weights',
    dialect: 'nnunet',
    build: () => nnunetNetwork({ head: 'linear' }),
  },
};

/** The tensors of a fixture without the prefix that it has. */
function plain(file: string): NamedNdArrays {
  return new Map(
    [...readTensors(file)].map(([name, tensor]) => [name.replace(/^module\./, ''), tensor]),
  );
}

function renamed(tensors: NamedNdArrays, prefix: string): NamedNdArrays {
  return new Map([...tensors].map(([name, tensor]) => [prefix + name, tensor]));
}

const PREFIXES = ['', 'module.', 'net.', 'model.', '_orig_mod.', 'module.module.'];
const STRANGE = ['module._orig_mod.', 'state_dict.model.net.', 'student.backbone.', 'my_down_tr.'];

for (const [title, { file, build, dialect }] of Object.entries(networks)) {
  for (const prefix of [...PREFIXES, ...STRANGE]) {
    test.serial(`${title}: names under '${prefix}' are known`, (t) => {
      const model = build();
      const report = importWeights(model, renamed(plain(file), prefix));
      t.is(report.dialect, dialect as typeof report.dialect);
      t.is(report.matched.length, model.weights.length);
      for (const source of report.sources.values()) t.true(source.startsWith(prefix));
      model.dispose();
    });
  }

  test.serial(`${title}: layers that are wrapped one by one are known`, (t) => {
    const model = build();
    const wrapped = new Map(
      [...plain(file)].map(([name, tensor]) => [
        `net._orig_mod.${name.replace('.', '._fsdp_wrapped_module._checkpoint_wrapped_module.')}`,
        tensor,
      ]),
    );
    t.is(importWeights(model, wrapped).matched.length, model.weights.length);
    model.dispose();
  });

  test.serial(`${title}: of a student and its teacher one is taken and the other named`, (t) => {
    const model = build();
    const tensors = plain(file);
    const teacher = renamed(
      new Map([...tensors].map(([name, tensor]) => [name, tensor] as const).reverse()),
      'teacher.',
    );
    const report = importWeights(model, new Map([...renamed(tensors, 'student.'), ...teacher]));
    t.is(report.matched.length, model.weights.length);
    for (const source of report.sources.values()) t.regex(source, /^student\./);
    t.is(
      report.ignored.filter(({ reason }) => /second network/.test(reason)).length,
      [...teacher.keys()].filter((name) => /_tr\d|out_tr|encoder|decoder/.test(name)).length,
    );
    model.dispose();
  });
}

test.serial('names of another network are told, and no option is blamed', (t) => {
  const model = networks["the reference's PyTorch network"].build();
  const [first] = plain('pytorch_relu_step0').values();
  const error = t.throws(
    () => importWeights(model, new Map([['backbone.layer1.weight', first]]), { partial: true }),
    { instanceOf: LoadWeightsError, code: 'weights-do-not-match' },
  );
  t.regex(error.message, /backbone\.layer1\.weight/);
  t.notRegex(error.message, /options/);
  model.dispose();
});
