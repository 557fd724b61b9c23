import {
  CONV_PARAMS,
  type ConvShape,
  convBuffers,
  latticeCode,
  originCode,
  rowCode,
  sourceCode,
  tapLoops,
  targetCode,
} from './conv-direct.js';
import { accessOf, declarations, lines } from './declare.js';

/** How the work is shared out. */
export interface TiledTile {
  /** Voxels and channels of a workgroup's tile, and channels that are summed over at a time. */
  readonly rows: number;
  readonly channels: number;
  readonly depth: number;
  /** Voxels of a thread, and vectors of channels. */
  readonly voxels: number;
  readonly columns: number;
}

/** Threads of a workgroup. */
export function tiledThreads({ rows, channels, voxels, columns }: TiledTile): number {
  return (rows / voxels) * (channels / 4 / columns);
}

/** Bytes of workgroup memory. */
export function tiledMemory({ rows, channels, depth }: TiledTile): number {
  return (rows + channels) * depth * 4;
}

/** Whether the variant can compute this: channels must be whole vectors. */
export function tiledTakes({ inner, outer }: ConvShape): boolean {
  return inner % 4 === 0 && outer % 4 === 0;
}

/**
 * Convolution as an implicit matrix product [voxels × taps · inner] · [taps · inner × outer] through tiles in workgroup memory, which
 * are loaded through registers. For graphics cards.
 *
 * Grid: as the direct variant's, with this tile's rows and channels.
 */
export function convTiled(shape: ConvShape, tile: TiledTile): { code: string; access: string } {
  const { inner, outer, bias } = shape;
  const { rows, channels, depth, voxels, columns } = tile;
  const threads = tiledThreads(tile);
  const [vectors, deep, wide] = [outer / 4, depth / 4, channels / 4];
  const across = wide / columns;
  const down = rows / voxels;
  const ownRows = (rows * deep) / threads;
  const ownWeights = (depth * wide) / threads;
  const rowStep = threads / deep;
  const blocks = Math.ceil(vectors / wide);
  const evenColumns = vectors % wide === 0;
  const evenDepth = inner % depth === 0;
  const column = (j: number): string => `col + tx + ${j * across}u`;
  const clamped = (j: number): string =>
    evenColumns ? column(j) : `min(${column(j)}, ${vectors - 1}u)`;
  const buffers = convBuffers(shape);
  const loadRow = (i: number): string => {
    const inside = evenDepth ? `inl${i}` : `inl${i} && k < ${inner / 4}u`;
    return `let ra${i} = select(vec4<f32>(0), x[offl${i} + ${evenDepth ? 'k' : `min(k, ${inner / 4 - 1}u)`}], ${inside});`;
  };
  const loadWeight = (i: number): string => {
    const guards = [
      ...(evenDepth ? [] : [`kw${i} < ${inner}u`]),
      ...(evenColumns ? [] : [`nw${i} < ${vectors}u`]),
    ];
    const value = `w[(tap * ${inner}u + ${evenDepth ? `kw${i}` : `min(kw${i}, ${inner - 1}u)`}) * ${vectors}u + ${evenColumns ? `nw${i}` : `min(nw${i}, ${vectors - 1}u)`}]`;
    return `let kw${i} = block * ${depth}u + (lane + ${i * threads}u) / ${wide}u; let nw${i} = col + (lane + ${i * threads}u) % ${wide}u;
      let rb${i} = ${guards.length > 0 ? `select(vec4<f32>(0), ${value}, ${guards.join(' && ')})` : value};`;
  };
  const products = lines(
    4,
    (
      k,
    ) => `{ ${lines(columns, (j) => `let b${j} = weights[(q * 4u + ${k}u) * ${wide}u + tx + ${j * across}u];`)}
        ${lines(voxels, (i) => lines(columns, (j) => `acc${i}_${j} = fma(vec4<f32>(a${i}.${'xyzw'[k]}), b${j}, acc${i}_${j});`))} }`,
  );
  const body = `${lines(ownRows, (i) => sourceCode(shape, `l${i}`))}
    for (var block = 0u; block < ${Math.ceil(inner / depth)}u; block++) {
      let k = block * ${deep}u + lane % ${deep}u;
      ${lines(ownRows, loadRow)}
      ${lines(ownWeights, loadWeight)}
      workgroupBarrier();
      ${lines(ownRows, (i) => `voxels[(lane / ${deep}u + ${i * rowStep}u) * ${deep}u + lane % ${deep}u] = ra${i};`)}
      ${lines(ownWeights, (i) => `weights[lane + ${i * threads}u] = rb${i};`)}
      workgroupBarrier();
      for (var q = 0u; q < ${deep}u; q++) {
        ${lines(voxels, (i) => `let a${i} = voxels[(ty + ${i * down}u) * ${deep}u + q];`)}
        ${products}
      }
    }`;
  const code = `${declarations(buffers, CONV_PARAMS)}
var<workgroup> voxels: array<vec4<f32>, ${rows * deep}>;
var<workgroup> weights: array<vec4<f32>, ${depth * wide}>;
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let lattice = P.lattice + wg.z / ${blocks}u;
  let col = wg.z % ${blocks}u * ${wide}u;
  let start = (wg.x + wg.y * groups.x) * ${rows}u;
  if (start >= P.rows) { return; }
  let tx = lane % ${across}u; let ty = lane / ${across}u;
  ${latticeCode(shape)}
  ${lines(ownRows, (i) => `let ml${i} = min(start + lane / ${deep}u + ${i * rowStep}u, P.rows - 1u); ${rowCode(`ml${i}`, `l${i}`)} ${originCode(shape, `l${i}`)}`)}
  ${lines(voxels, (i) => lines(columns, (j) => `var acc${i}_${j} = ${bias ? `bias[${clamped(j)}]` : 'vec4<f32>(0)'};`))}
  ${tapLoops(shape, body)}
  ${lines(
    voxels,
    (
      i,
    ) => `{ let m = start + ty + ${i * down}u; if (m < P.rows) { ${rowCode('m', 'r')} let at = ${targetCode(shape, 'r')};
    ${lines(columns, (j) => `${evenColumns ? '' : `if (${column(j)} < ${vectors}u) `}{ y[at + ${column(j)}] = acc${i}_${j}; }`)} } }`,
  )}
}`;
  return { code, access: accessOf(buffers) };
}
