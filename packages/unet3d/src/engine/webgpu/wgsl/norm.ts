import type { FusedActivation } from '@genesis/core/kernels';
import { activated, slope } from './activation.js';
import { accessOf, declarations, eachElement, type Storage, vectorOf } from './declare.js';

// x is seen as [sets, voxels, channels]; channels of a group share a mean in each set. Chunks are runs of voxels of one set.

/** What the kernels of a normalisation are made for. */
export interface NormShape {
  readonly activation: FusedActivation;
  /** Channels at a time. */
  readonly width: 1 | 4;
}

/** Code and access of one kernel. */
export interface Generated {
  readonly code: string;
  readonly access: string;
}

const alias = ({ width }: NormShape): string => `alias V = ${vectorOf('f32', width)};`;
const storage = (name: string, width: 1 | 4, access: 'r' | 'w' = 'r'): Storage => ({
  name,
  element: vectorOf('f32', width),
  access,
});

/** Parameters of the kernels over chunks: `vectors` of a voxel, `voxels` of a set, `chunks` of a set, each `length` long. */
export const CHUNK_PARAMS = [
  ...['count', 'chunk', 'vectors', 'voxels', 'chunks', 'length', 'base', 'out'],
] as const;

/** Which chunk and which vector of channels an element stands for; `at` is the chunk's first value in the whole tensor. */
const CHUNK = `let own = e / P.vectors; let c = e % P.vectors;
  let chunk = P.chunk + own;
  let ownSet = chunk / P.chunks; let begin = chunk % P.chunks * P.length;
  let n = min(P.voxels, begin + P.length) - begin;
  let at = (ownSet * P.voxels + begin) * P.vectors + c`;

/** Writes both sums of a chunk. */
const ofChunk = (first: string, second: string): string =>
  `part[P.out + own * 2u * P.vectors + c] = ${first};
  part[P.out + (own * 2u + 1u) * P.vectors + c] = ${second};`;

/**
 * Mean and sum of squared deviations of each chunk and channel: [chunk, 2, channels]. Values are taken from the chunk's first, so
 * that no digits are lost where the mean is large.
 */
export function normPartial(shape: NormShape): Generated {
  const buffers = [storage('x', shape.width), storage('part', shape.width, 'w')];
  const code = `${declarations(buffers, CHUNK_PARAMS)}
${alias(shape)}
${eachElement(`${CHUNK} - P.base;
  let origin = x[at];
  var sum = V(0); var squares = V(0);
  for (var i = 1u; i < n; i++) {
    let d = x[at + i * P.vectors] - origin;
    sum += d;
    squares = fma(d, d, squares);
  }
  let mean = sum / f32(n);
  ${ofChunk('origin + mean', 'max(V(0), squares - sum * mean)')}`)}`;
  return { code, access: accessOf(buffers) };
}

/** Parameters of {@link normMerge} and {@link normGradMerge}. */
export const MERGE_PARAMS = [
  ...['groups', 'channels', 'members', 'voxels', 'chunks', 'length', 'sets'],
] as const;

/** Threads that merge the chunks of one mean. */
const MERGERS = 64;

/** What one workgroup merges: statements over `id`, its mean's place, `ownSet`, and `k`, a part. */
interface Merge {
  readonly type: 'vec2<f32>' | 'vec3<f32>';
  /** Means of a set. */
  readonly of: string;
  /** Further names. */
  readonly own: string;
  /** Number of parts. */
  readonly parts: string;
  /** Takes part `k` into `own`. */
  readonly add: string;
  /** Takes the sum of another lane into that of this one. */
  readonly join: string;
  /** Writes `merged[0]`. */
  readonly write: string;
}

/** An entry point that merges parts in a fixed order, by one workgroup for each mean; needs `merged` of the type. */
function mergeEntry({ type, of, own, parts, add, join, write }: Merge): string {
  return `@compute @workgroup_size(${MERGERS})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(num_workgroups) all: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let id = wg.x + wg.y * all.x;
  if (id >= ${of} * P.sets) { return; }
  let ownSet = id / ${of}; ${own}
  var own = ${type}(0);
  for (var k = lane; k < ${parts}; k += ${MERGERS}u) {
    ${add}
  }
  merged[lane] = own;
  for (var half = ${MERGERS / 2}u; half > 0u; half >>= 1u) {
    workgroupBarrier();
    if (lane < half) { ${join} }
  }
  if (lane == 0u) {
    ${write}
  }
}`;
}

/**
 * Mean and 1/√(variance + epsilon) of each set and group from its chunks, by the parallel formula of Chan et al. (1983) in a fixed
 * order. One workgroup for each.
 */
export function normMerge(): Generated {
  const buffers = [storage('part', 1), storage('mean', 1, 'w'), storage('inv', 1, 'w')];
  const code = `${declarations(buffers, MERGE_PARAMS, ['epsilon'])}
var<workgroup> merged: array<vec3<f32>, ${MERGERS}>;
fn join(a: vec3<f32>, b: vec3<f32>) -> vec3<f32> {
  let n = a.x + b.x;
  if (n == 0.0) { return a; }
  let d = b.y - a.y;
  let f = b.x / n;
  return vec3<f32>(n, a.y + d * f, a.z + b.z + d * d * a.x * f);
}
${mergeEntry({
  type: 'vec3<f32>',
  of: 'P.groups',
  own: 'let first = id % P.groups * P.members;',
  parts: 'P.chunks * P.members',
  add: `let chunk = k / P.members;
    let at = (ownSet * P.chunks + chunk) * 2u * P.channels + first + k % P.members;
    let n = f32(min(P.voxels, (chunk + 1u) * P.length) - chunk * P.length);
    own = join(own, vec3<f32>(n, part[at], part[at + P.channels]));`,
  join: 'merged[lane] = join(merged[lane], merged[lane + half]);',
  write: `mean[id] = merged[0].y;
    inv[id] = 1.0 / sqrt(merged[0].z / merged[0].x + P.epsilon);`,
})}`;
  return { code, access: accessOf(buffers) };
}

/** Parameters of {@link normApply} and {@link normGradApply}: `count` vectors from the vector `first` of x on. */
export const APPLY_PARAMS = [
  ...['count', 'first', 'vectors', 'voxels', 'groups', 'members', 'base', 'out'],
] as const;

/** Values of the channels of vector `c` in set `ownSet`, one for each group. */
function ofGroups(
  { width }: NormShape,
  name: string,
  array: string,
  row = 'ownSet * P.groups',
): string {
  if (width === 1) return `let ${name} = ${array}[${row} + c / P.members];`;
  const lane = (k: number): string => `${array}[${row} + (c * 4u + ${k}u) / P.members]`;
  return `let ${name} = V(${[0, 1, 2, 3].map(lane).join(', ')});`;
}

/** Mean and inverse deviation of those channels, `m` and `s`. */
const statistics = (shape: NormShape): string =>
  `${ofGroups(shape, 'm', 'mean')} ${ofGroups(shape, 's', 'inv')}`;

const PLACE = 'let v = P.first + e; let c = v % P.vectors; let ownSet = v / P.vectors / P.voxels;';

/** activation(gamma · (x − mean) · inv + beta). */
export function normApply(shape: NormShape): Generated {
  const { width } = shape;
  const buffers = [
    storage('x', width),
    storage('mean', 1),
    storage('inv', 1),
    storage('gamma', width),
    storage('beta', width),
    storage('y', width, 'w'),
  ];
  const code = `${declarations(buffers, APPLY_PARAMS, ['alpha'])}
${alias(shape)}
${eachElement(`${PLACE}
  ${statistics(shape)}
  let z = (x[P.base + e] - m) * (s * gamma[c]) + beta[c];
  y[P.out + e] = ${activated(shape.activation)};`)}`;
  return { code, access: accessOf(buffers) };
}

/** Parameters of {@link normGradPartial}: as {@link CHUNK_PARAMS}, and the groups. */
export const GRAD_CHUNK_PARAMS = [...CHUNK_PARAMS, 'other', 'groups', 'members'] as const;

/** Σ dz and Σ dz · x̂ of each chunk and channel: [chunk, 2, channels]. */
export function normGradPartial(shape: NormShape): Generated {
  const { width } = shape;
  const buffers = [
    storage('dy', width),
    storage('x', width),
    storage('mean', 1),
    storage('inv', 1),
    storage('gamma', width),
    storage('beta', width),
    storage('part', width, 'w'),
  ];
  const code = `${declarations(buffers, GRAD_CHUNK_PARAMS, ['alpha'])}
${alias(shape)}
${eachElement(`${CHUNK};
  ${statistics(shape)}
  let g = gamma[c]; let b = beta[c];
  var sum = V(0); var product = V(0);
  for (var i = 0u; i < n; i++) {
    let hat = (x[at + i * P.vectors - P.base] - m) * s;
    let z = hat * g + b;
    let dz = dy[at + i * P.vectors - P.other] * ${slope(shape.activation)};
    sum += dz;
    product = fma(dz, hat, product);
  }
  ${ofChunk('sum', 'product')}`)}`;
  return { code, access: accessOf(buffers) };
}

/** The sums of each set and channel from its chunks, in a fixed order: [set, 2, channels]. One workgroup for each pair. */
export function normGradMerge(): Generated {
  const buffers = [storage('part', 1), storage('sums', 1, 'w')];
  const code = `${declarations(buffers, MERGE_PARAMS)}
var<workgroup> merged: array<vec2<f32>, ${MERGERS}>;
${mergeEntry({
  type: 'vec2<f32>',
  of: 'P.channels',
  own: 'let c = id % P.channels;',
  parts: 'P.chunks',
  add: `let at = (ownSet * P.chunks + k) * 2u * P.channels + c;
    own += vec2<f32>(part[at], part[at + P.channels]);`,
  join: 'merged[lane] += merged[lane + half];',
  write: `sums[ownSet * 2u * P.channels + c] = merged[0].x;
    sums[(ownSet * 2u + 1u) * P.channels + c] = merged[0].y;`,
})}`;
  return { code, access: accessOf(buffers) };
}

/** dgamma, dbeta over all sets; and for each set and group the means of gamma · dz and gamma · dz · x̂: [set, 2, groups]. */
export function normGradFinish(): Generated {
  const buffers = [
    storage('sums', 1),
    storage('gamma', 1),
    storage('dgamma', 1, 'w'),
    storage('dbeta', 1, 'w'),
    storage('means', 1, 'w'),
  ];
  const code = `${declarations(buffers, ['count', ...MERGE_PARAMS])}
${eachElement(`if (e < P.channels) {
    var sum = 0.0; var product = 0.0;
    for (var ownSet = 0u; ownSet < P.sets; ownSet++) {
      sum += sums[ownSet * 2u * P.channels + e];
      product += sums[(ownSet * 2u + 1u) * P.channels + e];
    }
    dbeta[e] = sum;
    dgamma[e] = product;
  }
  if (e < P.groups * P.sets) {
    let ownSet = e / P.groups; let group = e % P.groups;
    var sum = 0.0; var product = 0.0;
    for (var i = 0u; i < P.members; i++) {
      let c = group * P.members + i;
      sum += gamma[c] * sums[ownSet * 2u * P.channels + c];
      product += gamma[c] * sums[(ownSet * 2u + 1u) * P.channels + c];
    }
    let n = f32(P.voxels * P.members);
    means[ownSet * 2u * P.groups + group] = sum / n;
    means[(ownSet * 2u + 1u) * P.groups + group] = product / n;
  }`)}`;
  return { code, access: accessOf(buffers) };
}

/** dx = inv · (gamma · dz − mean of it − x̂ · mean of gamma · dz · x̂). */
export function normGradApply(shape: NormShape): Generated {
  const { width } = shape;
  const buffers = [
    storage('dy', width),
    storage('x', width),
    storage('mean', 1),
    storage('inv', 1),
    storage('gamma', width),
    storage('beta', width),
    storage('means', 1),
    storage('dx', width, 'w'),
  ];
  const mean = (name: string, row: 0 | 1): string =>
    ofGroups(shape, name, 'means', `(ownSet * 2u + ${row}u) * P.groups`);
  const code = `${declarations(buffers, [...APPLY_PARAMS, 'other'], ['alpha'])}
${alias(shape)}
${eachElement(`${PLACE}
  ${statistics(shape)}
  ${mean('first', 0)} ${mean('second', 1)}
  let g = gamma[c];
  let hat = (x[P.base + e] - m) * s;
  let z = hat * g + beta[c];
  let dz = dy[P.other + e] * ${slope(shape.activation)};
  dx[P.out + e] = s * (g * dz - first - hat * second);`)}`;
  return { code, access: accessOf(buffers) };
}
