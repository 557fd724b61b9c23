import { accessOf, declarations, eachElement, type Storage, vectorOf } from './declare.js';

function buffersOf(names: readonly string[], results: readonly string[], width: 1 | 4): Storage[] {
  const element = vectorOf('f32', width);
  return [
    ...names.map((name): Storage => ({ name, element, access: 'r' })),
    ...results.map((name): Storage => ({ name, element, access: 'w' })),
  ];
}

/** Not in the uniform, so that one is that of all weights: a step uploads its rate once. */
const COUNT = 'arrayLength(&newParam)';

/** Floats of {@link sgdStep}. */
export const SGD_FLOATS = ['rate', 'momentum', 'decay', 'nesterov'] as const;

/** One step of SGD. */
export function sgdStep(width: 1 | 4): { code: string; access: string } {
  const buffers = buffersOf(['param', 'grad', 'velocity'], ['newParam', 'newVelocity'], width);
  const code = `${declarations(buffers, [], SGD_FLOATS)}
${eachElement(
  `let p = param[e];
  let g = grad[e] + P.decay * p;
  var v = g;
  if (P.momentum != 0.0) { v = P.momentum * velocity[e] + g; }
  var direction = v;
  if (P.nesterov != 0.0) { direction = g + P.momentum * v; }
  newParam[e] = p - P.rate * direction;
  newVelocity[e] = v;`,
  COUNT,
)}`;
  return { code, access: accessOf(buffers) };
}

/** Floats of {@link adamStep}. */
export const ADAM_FLOATS = [
  ...['beta1', 'rest1', 'beta2', 'rest2', 'epsilon', 'shrink', 'decay', 'rate', 'root'],
] as const;

/** One step of Adam or AdamW: `shrink` scales the weight first, `decay` adds it to the gradient. */
export function adamStep(width: 1 | 4): { code: string; access: string } {
  const buffers = buffersOf(['param', 'grad', 'm', 'v'], ['newParam', 'newM', 'newV'], width);
  const code = `${declarations(buffers, [], ADAM_FLOATS)}
${eachElement(
  `let p = param[e];
  let g = grad[e] + P.decay * p;
  let mean = P.beta1 * m[e] + P.rest1 * g;
  let square = P.beta2 * v[e] + P.rest2 * g * g;
  newParam[e] = P.shrink * p - P.rate * (mean / (sqrt(square) * P.root + P.epsilon));
  newM[e] = mean;
  newV[e] = square;`,
  COUNT,
)}`;
  return { code, access: accessOf(buffers) };
}
