/** Recipes by name. */
export const recipeNames = ['reference', 'nnunet', 'transfer'] as const;

export type RecipeName = (typeof recipeNames)[number];

type Options = Readonly<Record<string, unknown>>;

/** Steps of an epoch where nobody says how long a run may be, as nnU-Net's. */
const STEPS_PER_EPOCH = 250;

/**
 * What the recipe that `given` names says of options that are not given. The values of nnU-Net (Isensee et al., 2021) and of
 * its trainers for pre-trained weights (Wald et al., 2025), read in their source code.
 *
 * @param given - Options by their present names, whoever gave them.
 * @param known - Options that the task has.
 */
export function recipeDefaults(
  given: Options,
  known: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const isPretrained = given.init !== undefined && given.init !== 'none';
  const values = ((): Options => {
    switch (given.recipe) {
      case 'nnunet':
        return { ...common(given), ...rates(given, 1), ...nnunet(isPretrained) };
      case 'transfer':
        return { ...common(given), ...rates(given, isPretrained ? SLOWER : 1), warmUp: 0.1 };
      default:
        return {};
    }
  })();
  return Object.fromEntries(Object.entries(values).filter(([key]) => key in known));
}

/** Factors on the learning rate for pre-trained weights. */
const SLOWER = { sgd: 1 / 10, adam: 1 / 3, adamw: 1 / 3 } as const;

/** From scratch. */
const RATES = { sgd: 1e-2, adam: 1e-3, adamw: 3e-4 } as const;

function rates({ optimizer: given = 'sgd' }: Options, factors: typeof SLOWER | 1): Options {
  const optimizer = given === 'adam' || given === 'adamw' ? given : 'sgd';
  const factor = factors === 1 ? 1 : factors[optimizer];
  const learningRate = Number((RATES[optimizer] * factor).toPrecision(2));
  if (optimizer === 'sgd') {
    const sgd = { momentum: 0.99, nesterov: true, weightDecay: 3e-5, clipNorm: 12 };
    return { optimizer, learningRate, ...sgd };
  }
  if (optimizer === 'adam') return { optimizer, learningRate, clipNorm: 12 };
  return { optimizer, learningRate, beta2: 0.98, weightDecay: 0.05, clipNorm: 1 };
}

/** What both have. */
function common({ task, maxMinutes }: Options): Options {
  return {
    schedule: 'poly',
    patience: 0,
    bestBy: 'score',
    bestAverage: 0.9,
    stepsPerEpoch: maxMinutes === undefined ? STEPS_PER_EPOCH : undefined,
    loss: task === 'segmentation' ? 'diceCe' : undefined,
    foreground: 1 / 3,
    augment: 'nnunet',
  };
}

/** The network and its intensities are those of the weights, where there are some. */
function nnunet(isPretrained: boolean): Options {
  const own = { norm: 'instance', activation: 'leakyRelu', normalization: 'zscore' };
  return { deepSupervision: true, ...(isPretrained ? {} : own) };
}
