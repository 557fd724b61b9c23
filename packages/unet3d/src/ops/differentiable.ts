import * as tf from '@tensorflow/tfjs-core';

/** Told of the gradient in an input of a {@link differentiable} step, as soon as it is known. */
export type OnInputGradient = (input: tf.Tensor, gradient: tf.Tensor) => void;

let releasing = false;
let onInputGradient: OnInputGradient | undefined;

/**
 * Runs `f`, in which each {@link differentiable} step frees, as soon as its gradients are known,
 * the incoming gradient and what it kept from the forward pass. tfjs by itself holds all of them
 * until the backward pass ends, about twice the memory. Only for a backward pass that happens once and
 * whose incoming gradients nobody else holds.
 *
 * @param tell - Told of the gradients that the steps give, which stay the backward pass's; it may read them.
 */
export function releaseAsYouGo<T>(f: () => T, tell?: OnInputGradient): T {
  const before = [releasing, onInputGradient] as const;
  releasing = true;
  onInputGradient = tell;
  try {
    return f();
  } finally {
    [releasing, onInputGradient] = before;
  }
}

/** Value of a step, and what its backward pass needs. */
export interface Step {
  value: tf.Tensor;
  keep: tf.Tensor[];
}

/**
 * One step with its own gradient. `forward` must return a new tensor; `backward` receives the
 * incoming gradient and what was kept, and returns one new tensor for each input.
 */
export function differentiable<I extends tf.Tensor[]>(
  inputs: [...I],
  forward: (...inputs: I) => Step,
  backward: (dy: tf.Tensor, kept: tf.Tensor[]) => tf.Tensor[],
): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const save = args.pop() as unknown as tf.GradSaveFunc;
    const { value, keep } = forward(...(args as I));
    save(keep);
    return {
      value,
      gradFunc: (dy: tf.Tensor, kept: tf.Tensor[]) => {
        const gradients = tf.tidy(() => backward(dy, kept));
        if (releasing) tf.dispose([dy, ...kept]);
        const tell = onInputGradient;
        if (tell) {
          inputs.forEach((input, n) => {
            tell(input, gradients[n]);
          });
        }
        return gradients;
      },
    };
  });
  return op(...inputs);
}
