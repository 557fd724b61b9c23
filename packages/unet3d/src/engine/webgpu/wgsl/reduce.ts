import { accessOf, declarations, eachElement, lines, type Storage, vectorOf } from './declare.js';

/** How numbers are joined. */
export type Joining = 'sum' | 'max' | 'min' | 'prod';

/** What a {@link reduce} kernel computes. */
export interface ReduceOpts {
  readonly type: 'f32' | 'i32';
  readonly joining: Joining;
  /** Axes that stay and axes that go. */
  readonly kept: number;
  readonly reduced: number;
  /** Elements that a thread computes. */
  readonly width: 1 | 4;
}

const IDENTITY: Readonly<Record<Joining, Record<'f32' | 'i32', string>>> = {
  sum: { f32: '0.0', i32: '0' },
  prod: { f32: '1.0', i32: '1' },
  max: { f32: '-3.4028234e38', i32: '-2147483647' },
  min: { f32: '3.4028234e38', i32: '2147483647' },
};

/** Numbers that are summed on their own before they join the rest, so that rounding grows with the number of blocks. */
const BLOCK = 32;

/**
 * Joins numbers along some axes. A thread takes every `chunks`-th, so that neighbours read neighbours, and writes one partial
 * result; the order is fixed.
 */
export function reduce(opts: ReduceOpts): { code: string; access: string } {
  const { type, joining, kept, reduced, width } = opts;
  const element = vectorOf(type, width);
  const buffers: Storage[] = [
    { name: 'x', element, access: 'r' },
    { name: 'y', element, access: 'w' },
  ];
  const axes = (prefix: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const unsigned = [
    ...['count', 'outputs', 'chunks', 'length', 'base', 'out'],
    ...axes('kd', kept),
    ...axes('ks', kept),
    ...axes('rd', reduced),
    ...axes('rs', reduced),
  ];
  const join = (a: string, b: string): string => {
    if (joining === 'sum') return `${a} + ${b}`;
    if (joining === 'prod') return `${a} * ${b}`;
    return `${joining}(${a}, ${b})`;
  };
  const start = `${element}(${IDENTITY[joining][type]})`;
  const address = (rest: string, d: string, s: string, count: number): string =>
    `${lines(count - 1, (i) => `at += (${rest} % P.${d}${count - 1 - i}) * P.${s}${count - 1 - i}; ${rest} = ${rest} / P.${d}${count - 1 - i};`)}
at += ${rest} * P.${s}0;`;
  const code = `${declarations(buffers, unsigned, ['scale'])}
${eachElement(`var rest = e % P.outputs;
  let chunk = e / P.outputs;
  var at = P.base;
  ${address('rest', 'kd', 'ks', kept)}
  let origin = at;
  var total = ${start};
  for (var first = chunk; first < P.length; first += P.chunks * ${BLOCK}u) {
    var block = ${start};
    for (var i = 0u; i < ${BLOCK}u; i++) {
      let r = first + i * P.chunks;
      if (r >= P.length) { break; }
      var left = r;
      at = origin;
      ${address('left', 'rd', 'rs', reduced)}
      block = ${join('block', 'x[at]')};
    }
    total = ${join('total', 'block')};
  }
  y[P.out + e] = ${type === 'f32' ? 'total * P.scale' : 'total'};`)}`;
  return { code, access: accessOf(buffers) };
}
