import { accessOf, declarations, lines, type Storage, vectorOf } from './declare.js';

/** What a convolution kernel of either variant is made for. */
export interface ConvShape {
  /** Of the result from the input, or of the input's gradient from the result's. */
  readonly direction: 'forward' | 'input';
  /** Channels that are summed over. */
  readonly inner: number;
  /** Channels of what is computed. */
  readonly outer: number;
  /** Of the filter, and its steps. */
  readonly size: readonly [number, number, number];
  readonly strides: readonly [number, number, number];
  /** Zeros before each axis of the convolution's input. */
  readonly before: readonly [number, number, number];
  /** Filter positions along each axis that a kernel visits: all of them, or those of one sub-lattice of the input. */
  readonly taps: readonly [number, number, number];
  /** Whether a number is added for each channel. */
  readonly bias: boolean;
}

/** How the work is shared out. */
export interface DirectTile {
  /** Voxels of a thread, and vectors of channels. */
  readonly voxels: number;
  readonly columns: number;
  /** Threads of a workgroup along channels and along voxels. */
  readonly across: number;
  readonly down: number;
}

/** The uniform of both variants. Rows are voxels of the (sub-lattice of the) result, from the plane `plane` on. */
export const CONV_PARAMS = [
  ...['rows', 'plane', 'lattice', 'source', 'sink'],
  ...['sd', 'sh', 'sw', 'td', 'th', 'tw', 'jd', 'jh', 'jw'],
] as const;

/** Vector widths along the channels that are summed over and along those that are computed. */
export function conv3dWidths({ inner, outer }: ConvShape): { read: 1 | 4; write: 1 | 4 } {
  return { read: inner % 4 === 0 ? 4 : 1, write: outer % 4 === 0 ? 4 : 1 };
}

/** The buffers of both variants. */
export function convBuffers(shape: ConvShape): Storage[] {
  const { read, write } = conv3dWidths(shape);
  return [
    { name: 'x', element: vectorOf('f32', read), access: 'r' },
    { name: 'w', element: vectorOf('f32', write), access: 'r' },
    ...(shape.bias
      ? [{ name: 'bias', element: vectorOf('f32', write), access: 'r' } as const]
      : []),
    { name: 'y', element: vectorOf('f32', write), access: 'w' },
  ];
}

const AXES = ['d', 'h', 'w'] as const;

/**
 * Text that both variants share: first tap `t0`, first source voxel of a row, and where a row's result lies.
 *
 * The input's gradient at i sums taps t with i + before − t a multiple of the stride: voxels i = r + s·j of one sub-lattice have
 * the taps t0 + s·u, t0 = (r + before) mod s, and read the source at j + (r + before − t0)/s − u.
 */
export function latticeCode({ direction, strides: s, before: p }: ConvShape): string {
  if (direction === 'forward') {
    return `let t0 = vec3<i32>(0); let r = vec3<i32>(0); let first = -vec3<i32>(${p.join(', ')});`;
  }
  return `let r = vec3<i32>(i32(lattice / ${s[1] * s[2]}u), i32(lattice / ${s[2]}u % ${s[1]}u), i32(lattice % ${s[2]}u));
  let stride = vec3<i32>(${s.join(', ')});
  let reach = r + vec3<i32>(${p.join(', ')});
  let t0 = reach % stride;
  let first = (reach - t0) / stride;`;
}

/** Row `m` taken apart: sample, and position along each axis of the lattice. */
export function rowCode(m: string, i: number | string): string {
  return `let c${i} = ${m} % P.jw; let q${i} = ${m} / P.jw; let b${i} = q${i} % P.jh; let g${i} = q${i} / P.jh + P.plane; let a${i} = g${i} % P.jd; let n${i} = g${i} / P.jd;`;
}

/** Source position of row `i` before a tap is added. */
export function originCode({ direction, strides: s }: ConvShape, i: number | string): string {
  const [a, b, c] = [`a${i}`, `b${i}`, `c${i}`].map((v, axis) =>
    direction === 'forward' && s[axis] !== 1 ? `i32(${v}) * ${s[axis]}` : `i32(${v})`,
  );
  return `let z${i} = ${a} + first.x; let y${i} = ${b} + first.y; let x${i} = ${c} + first.z;`;
}

/** Loops over the taps; inside, `shift` is what a tap adds to the source position and `tap` its place in the filter. */
export function tapLoops({ direction, size, strides, taps }: ConvShape, body: string): string {
  const step = direction === 'input' ? strides : [1, 1, 1];
  const sign = direction === 'input' ? '-' : '';
  const at = AXES.map((axis, i) => `(u32(t0[${i}]) + u${axis} * ${step[i]}u)`);
  return `for (var ud = 0u; ud < ${taps[0]}u; ud++) { for (var uh = 0u; uh < ${taps[1]}u; uh++) { for (var uw = 0u; uw < ${taps[2]}u; uw++) {
    let tap = (${at[0]} * ${size[1]}u + ${at[1]}) * ${size[2]}u + ${at[2]};
    let shift = ${sign}vec3<i32>(i32(ud), i32(uh), i32(uw));
    ${body}
  } } }`;
}

/** Whether a source position lies inside, and the place of its channels in `x`, in vectors. */
export function sourceCode(shape: ConvShape, i: number | string): string {
  const vectors = shape.inner / conv3dWidths(shape).read;
  return `let sz${i} = z${i} + shift.x; let sy${i} = y${i} + shift.y; let sx${i} = x${i} + shift.z;
    let in${i} = sz${i} >= 0 && sz${i} < i32(P.sd) && sy${i} >= 0 && sy${i} < i32(P.sh) && sx${i} >= 0 && sx${i} < i32(P.sw);
    let off${i} = select(0u, (((n${i} * P.sd + u32(sz${i})) * P.sh + u32(sy${i})) * P.sw + u32(sx${i})) * ${vectors}u - P.source, in${i});`;
}

/** The place of row `i`'s channels in `y`, in vectors. */
export function targetCode(shape: ConvShape, i: number | string): string {
  const { direction, strides: s, outer } = shape;
  const vectors = outer / conv3dWidths(shape).write;
  const [d, h, w] = [`a${i}`, `b${i}`, `c${i}`].map((v, axis) =>
    direction === 'input' && s[axis] !== 1 ? `(u32(r[${axis}]) + ${v} * ${s[axis]}u)` : v,
  );
  return `(((n${i} * P.td + ${d}) * P.th + ${h}) * P.tw + ${w}) * ${vectors}u - P.sink`;
}

/**
 * Convolution without workgroup memory: a thread keeps some voxels × some vectors of channels in registers; neighbours lie along the
 * channels. For software drivers, and cards with large caches.
 *
 * Grid: x and y folded over blocks of rows, z = block of channels + blocks of channels · lattice.
 */
export function convDirect(shape: ConvShape, tile: DirectTile): { code: string; access: string } {
  const { inner, outer, bias } = shape;
  const { voxels, columns, across, down } = tile;
  const { read, write } = conv3dWidths(shape);
  const vectors = outer / write;
  const perGroup = across * columns;
  const blocks = Math.ceil(vectors / perGroup);
  const whole = vectors % perGroup === 0;
  const zero = `${vectorOf('f32', write)}(0)`;
  const buffers = convBuffers(shape);
  const part = (v: string, k: number): string => (read === 4 ? `${v}.${'xyzw'[k]}` : v);
  const column = (j: number): string =>
    whole ? `col + ${j * across}u` : `min(col + ${j * across}u, ${vectors - 1}u)`;
  const product = (i: number, j: number, k: number): string =>
    `acc${i}_${j} = fma(${vectorOf('f32', write)}(${part(`v${i}`, k)}), w${j}, acc${i}_${j});`;
  const body = `${lines(voxels, (i) => sourceCode(shape, i))}
    for (var k = 0u; k < ${inner / read}u; k++) {
      ${lines(voxels, (i) => `let v${i} = select(${vectorOf('f32', read)}(0), x[off${i} + k], in${i});`)}
      let row = (tap * ${inner}u + k * ${read}u) * ${vectors}u;
      ${lines(
        read,
        (k) => `{ ${lines(columns, (j) => `let w${j} = w[row + ${k * vectors}u + ${column(j)}];`)}
      ${lines(voxels, (i) => lines(columns, (j) => product(i, j, k)))} }`,
      )}
    }`;
  const code = `${declarations(buffers, CONV_PARAMS)}
@compute @workgroup_size(${across}, ${down})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let lattice = P.lattice + wg.z / ${blocks}u;
  let col = wg.z % ${blocks}u * ${perGroup}u + lane.x;
  let m = (wg.x + wg.y * groups.x) * ${down * voxels}u + lane.y * ${voxels}u;
  if (m >= P.rows) { return; }
  ${latticeCode(shape)}
  ${lines(voxels, (i) => `let m${i} = min(m + ${i}u, P.rows - 1u); ${rowCode(`m${i}`, i)} ${originCode(shape, i)}`)}
  ${lines(voxels, (i) => lines(columns, (j) => `var acc${i}_${j} = ${bias ? `bias[${column(j)}]` : zero};`))}
  ${tapLoops(shape, body)}
  ${lines(
    voxels,
    (i) => `if (m + ${i}u < P.rows) { let at = ${targetCode(shape, i)};
    ${lines(columns, (j) => `${whole ? '' : `if (col + ${j * across}u < ${vectors}u) `}{ y[at + col + ${j * across}u] = acc${i}_${j}; }`)} }`,
  )}
}`;
  return { code, access: accessOf(buffers) };
}
