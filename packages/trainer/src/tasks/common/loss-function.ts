import { ceDice, crossEntropy, diceLoss, type Loss } from '@genesis/unet3d';

/** The loss called `name`, for one-hot targets and probabilities. */
export function lossFunction(name: 'dice' | 'diceCe' | 'crossEntropy'): Loss {
  switch (name) {
    case 'dice':
      return diceLoss();
    case 'diceCe':
      return ceDice();
    case 'crossEntropy':
      return crossEntropy;
  }
}
