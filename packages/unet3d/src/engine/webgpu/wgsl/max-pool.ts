import { accessOf, declarations, eachElement, type Storage, vectorOf } from './declare.js';

/** Windows side by side. */
export interface PoolShape {
  readonly size: readonly [number, number, number];
  readonly width: 1 | 4;
}

/** `count` vectors from the vector `first` of the numbers that are written; sizes of input and output. */
export const POOL_PARAMS = [
  ...['count', 'first', 'vectors', 'source', 'sink'],
  ...['sd', 'sh', 'sw', 'od', 'oh', 'ow'],
] as const;

/** The loops over a window whose first voxel is `origin` of sample `n`; inside, `at` is a voxel's place in `x`. */
function window([d, h, w]: PoolShape['size'], body: string): string {
  return `for (var kd = 0u; kd < ${d}u; kd++) { for (var kh = 0u; kh < ${h}u; kh++) { for (var kw = 0u; kw < ${w}u; kw++) {
    let at = (((n * P.sd + origin.x + kd) * P.sh + origin.y + kh) * P.sw + origin.z + kw) * P.vectors + c - P.source;
    ${body}
  } } }`;
}

/** Largest number of each window. */
export function maxPool({ size, width }: PoolShape): { code: string; access: string } {
  const element = vectorOf('f32', width);
  const buffers: Storage[] = [
    { name: 'x', element, access: 'r' },
    { name: 'y', element, access: 'w' },
  ];
  const code = `${declarations(buffers, POOL_PARAMS)}
${eachElement(`var rest = P.first + e;
  let c = rest % P.vectors; rest = rest / P.vectors;
  let ow = rest % P.ow; rest = rest / P.ow; let oh = rest % P.oh; rest = rest / P.oh; let od = rest % P.od; let n = rest / P.od;
  let origin = vec3<u32>(od, oh, ow) * vec3<u32>(${size.join(', ')});
  var most = ${element}(-3.4028234e38);
  ${window(size, 'most = max(most, x[at]);')}
  y[e + P.sink] = most;`)}`;
  return { code, access: accessOf(buffers) };
}

/** dy goes to the first of a window's largest numbers; voxels in no window get nothing. */
export function maxPoolGrad({ size, width }: PoolShape): { code: string; access: string } {
  const element = vectorOf('f32', width);
  const flags = width === 4 ? 'vec4<bool>' : 'bool';
  const buffers: Storage[] = [
    { name: 'dy', element, access: 'r' },
    { name: 'x', element, access: 'r' },
    { name: 'dx', element, access: 'w' },
  ];
  const code = `${declarations(buffers, [...POOL_PARAMS, 'gradient'])}
${eachElement(`var rest = P.first + e;
  let c = rest % P.vectors; rest = rest / P.vectors;
  let w = rest % P.sw; rest = rest / P.sw; let h = rest % P.sh; rest = rest / P.sh; let d = rest % P.sd; let n = rest / P.sd;
  let o = vec3<u32>(d, h, w) / vec3<u32>(${size.join(', ')});
  if (o.x >= P.od || o.y >= P.oh || o.z >= P.ow) { dx[e + P.sink] = ${element}(0); return; }
  let origin = o * vec3<u32>(${size.join(', ')});
  let own = (((n * P.sd + d) * P.sh + h) * P.sw + w) * P.vectors + c - P.source;
  let value = x[own];
  var first = ${flags}(true);
  ${window(size, `let other = x[at]; first = first & ((other < value) | ((other == value) & ${flags}(at >= own)));`)}
  let gradient = dy[(((n * P.od + o.x) * P.oh + o.y) * P.ow + o.z) * P.vectors + c - P.gradient];
  dx[e + P.sink] = select(${element}(0), gradient, first);`)}`;
  return { code, access: accessOf(buffers) };
}
