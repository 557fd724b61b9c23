import { accessOf, declarations, eachElement, lines, type Storage, vectorOf } from './declare.js';

/** How a tensor takes part: element by element in order, by strides, or as one number of the uniform. */
export type Addressing = 'flat' | 'strided' | 'constant';

/** A tensor of a {@link pointwise} kernel. */
export interface Operand {
  readonly type: 'f32' | 'i32';
  readonly addressing: Addressing;
  /** Whether four neighbours are one vector in memory; else one number stands for all four. */
  readonly vector: boolean;
}

/** What a {@link pointwise} kernel computes. */
export interface PointwiseOpts {
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  /** Number of axes that strided operands are addressed along. */
  readonly rank: number;
  /** Elements that a thread computes. */
  readonly width: 1 | 4;
  /** Of `a`, `b`, `c`, …, vectors of `width` elements of the types `A`, `B`, …, and `P.f0`, `P.f1`, …; its type is `Y`. */
  readonly expression: string;
  /** Number of further floats in the uniform. */
  readonly floats: number;
}

/** Names of the inputs in the expression: not e, the element, nor P, the uniform, in capitals. */
const NAMES = 'abcdgh';

/** The kernel's uniform: `count`, sizes, then base and strides of each strided operand, then the constants. */
export function pointwise(opts: PointwiseOpts): { code: string; access: string } {
  const { inputs, output, rank, width, expression, floats } = opts;
  const buffers: Storage[] = [];
  const unsigned = ['count', ...axisNames('d', rank)];
  const constants: string[] = [];
  const loads: string[] = [];
  const address = (name: string, { addressing }: Operand): string => {
    unsigned.push(`base_${name}`);
    if (addressing === 'flat') return `P.base_${name} + e`;
    const strides = axisNames(`${name}_`, rank);
    unsigned.push(...strides);
    return [`P.base_${name}`, ...strides.map((stride, i) => `i${i} * P.${stride}`)].join(' + ');
  };
  for (const [i, input] of inputs.entries()) {
    const name = NAMES[i];
    const type = vectorOf(input.type, width);
    if (input.addressing === 'constant') {
      if (input.type === 'f32') constants.push(`value_${name}`);
      else unsigned.push(`value_${name}`);
      const value = input.type === 'f32' ? `P.value_${name}` : `bitcast<i32>(P.value_${name})`;
      loads.push(`let ${name} = ${type}(${value});`);
      continue;
    }
    buffers.push({
      name: `x_${name}`,
      element: vectorOf(input.type, input.vector ? width : 1),
      access: 'r',
    });
    loads.push(`let ${name} = ${type}(x_${name}[${address(name, input)}]);`);
  }
  buffers.push({ name: 'y', element: vectorOf(output.type, width), access: 'w' });
  const at = address('y', output);
  const strided = [...inputs, output].some(({ addressing }) => addressing === 'strided');
  const indices = strided
    ? `var rest = e;
${lines(rank - 1, (i) => `let i${rank - 1 - i} = rest % P.d${rank - 1 - i}; rest = rest / P.d${rank - 1 - i};`)}
let i0 = rest;`
    : '';
  const extra = Array.from({ length: floats }, (_, i) => `f${i}`);
  const aliases = [...inputs, output].map(({ type }, i) => {
    const alias = i === inputs.length ? 'Y' : NAMES[i].toUpperCase();
    return `alias ${alias} = ${vectorOf(type, width)};`;
  });
  const code = `${declarations(buffers, unsigned, [...constants, ...extra])}
${aliases.join('\n')}
${eachElement(`${indices}
  ${loads.join('\n  ')}
  y[${at}] = ${expression};`)}`;
  return { code, access: accessOf(buffers) };
}

function axisNames(prefix: string, rank: number): string[] {
  return Array.from({ length: rank }, (_, i) => `${prefix}${i}`);
}
