import { accessOf, declarations, lines, type Storage, vectorOf } from './declare.js';

/** What a filter-gradient kernel is made for. */
export interface FilterGradientShape {
  /** Channels of the input and of the result. */
  readonly inputs: number;
  readonly outputs: number;
  readonly size: readonly [number, number, number];
  readonly strides: readonly [number, number, number];
  readonly before: readonly [number, number, number];
}

/** How the work is shared out. */
export interface FilterGradientTile {
  /** Vectors of input channels of a thread, and of output channels. */
  readonly down: number;
  readonly columns: number;
  /** Threads of a workgroup along output channels and along input channels. */
  readonly across: number;
  readonly along: number;
}

/** Lines are rows of voxels of dy along the last axis; a workgroup sums `per` of them. */
export const FILTER_GRADIENT_PARAMS = [
  ...['lines', 'line', 'per', 'source', 'gradient', 'sink'],
  ...['sd', 'sh', 'sw', 'od', 'oh', 'ow'],
] as const;

/** Vector widths along the channels of the input and of the result. */
export function filterGradientWidths({ inputs, outputs }: FilterGradientShape): {
  input: 1 | 4;
  output: 1 | 4;
} {
  return { input: inputs % 4 === 0 ? 4 : 1, output: outputs % 4 === 0 ? 4 : 1 };
}

/** Workgroups along input channels and along output channels. */
export function filterGradientBlocks(
  shape: FilterGradientShape,
  tile: FilterGradientTile,
): { rows: number; columns: number } {
  const { input, output } = filterGradientWidths(shape);
  return {
    rows: Math.ceil(shape.inputs / input / (tile.along * tile.down)),
    columns: Math.ceil(shape.outputs / output / (tile.across * tile.columns)),
  };
}

/**
 * The filter's gradient as a product over voxels, without workgroup memory: a thread keeps some input channels × some output
 * channels of one tap in registers. Parts of the voxels are summed apart, in a fixed order.
 *
 * Grid: x = blocks of channels, y = taps, z = parts. Writes [part, tap, input, output] from the number `sink` on.
 */
export function filterGradient(
  shape: FilterGradientShape,
  tile: FilterGradientTile,
): { code: string; access: string } {
  const { inputs, outputs, size, strides: s, before: p } = shape;
  const { down, columns, across, along } = tile;
  const widths = filterGradientWidths(shape);
  const rows = inputs / widths.input;
  const vectors = outputs / widths.output;
  const blocks = filterGradientBlocks(shape, tile);
  const taps = size[0] * size[1] * size[2];
  const type = vectorOf('f32', widths.output);
  const part = (v: string, k: number): string => (widths.input === 4 ? `${v}.${'xyzw'[k]}` : v);
  const buffers: Storage[] = [
    { name: 'x', element: vectorOf('f32', widths.input), access: 'r' },
    { name: 'dy', element: type, access: 'r' },
    { name: 'dw', element: type, access: 'w' },
  ];
  const each = (line: (i: number, k: number, j: number) => string): string =>
    lines(down, (i) => lines(widths.input, (k) => lines(columns, (j) => line(i, k, j))));
  const code = `${declarations(buffers, FILTER_GRADIENT_PARAMS)}
@compute @workgroup_size(${across}, ${along})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(local_invocation_id) lane: vec3<u32>) {
  let row = wg.x % ${blocks.rows}u * ${along * down}u + lane.y;
  let col = wg.x / ${blocks.rows}u * ${across * columns}u + lane.x;
  let tap = wg.y;
  let kd = i32(tap / ${size[1] * size[2]}u) - ${p[0]}; let kh = i32(tap / ${size[2]}u % ${size[1]}u) - ${p[1]}; let kw = i32(tap % ${size[2]}u) - ${p[2]};
  ${lines(down, (i) => `let row${i} = min(row + ${i * along}u, ${rows - 1}u);`)}
  ${lines(columns, (j) => `let col${j} = min(col + ${j * across}u, ${vectors - 1}u);`)}
  ${each((i, k, j) => `var acc${i}_${k}_${j} = ${type}(0);`)}
  let begin = wg.z * P.per; let end = min(P.lines, begin + P.per);
  let c0 = u32(max(0, (${s[2] - 1} - kw) / ${s[2]}));
  let c1 = u32(max(0, min(i32(P.ow), (i32(P.sw) - kw + ${s[2] - 1}) / ${s[2]})));
  for (var own = begin; own < end; own++) {
    let line = own + P.line;
    let b = line % P.oh; let g = line / P.oh; let a = g % P.od; let n = g / P.od;
    let z = i32(a) * ${s[0]} + kd; let y = i32(b) * ${s[1]} + kh;
    if (z < 0 || z >= i32(P.sd) || y < 0 || y >= i32(P.sh)) { continue; }
    let base = ((n * P.sd + u32(z)) * P.sh + u32(y)) * P.sw;
    for (var c = c0; c < c1; c++) {
      let from_x = (base + u32(i32(c) * ${s[2]} + kw)) * ${rows}u - P.source;
      let from_y = (line * P.ow + c) * ${vectors}u - P.gradient;
      ${lines(down, (i) => `let a${i} = x[from_x + row${i}];`)}
      ${lines(columns, (j) => `let b${j} = dy[from_y + col${j}];`)}
      ${each((i, k, j) => `acc${i}_${k}_${j} = fma(${type}(${part(`a${i}`, k)}), b${j}, acc${i}_${k}_${j});`)}
    }
  }
  let at = P.sink + (wg.z * ${taps}u + tap) * ${inputs * vectors}u;
  ${each((i, k, j) => `if (row + ${i * along}u < ${rows}u && col + ${j * across}u < ${vectors}u) { dw[at + ((row + ${i * along}u) * ${widths.input}u + ${k}u) * ${vectors}u + col + ${j * across}u] = acc${i}_${k}_${j}; }`)}
}`;
  return { code, access: accessOf(buffers) };
}
