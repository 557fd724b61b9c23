/** What a storage buffer holds. */
export type Element = 'f32' | 'i32' | 'vec4<f32>' | 'vec4<i32>';

/** A storage buffer of a kernel. */
export interface Storage {
  readonly name: string;
  readonly element: Element;
  readonly access: 'r' | 'w';
}

/** Repeats text, on lines of its own. */
export function lines(count: number, line: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => line(i)).join('\n');
}

/** The vector of `width` elements of a type. */
export function vectorOf(type: 'f32' | 'i32', width: 1 | 4): Element {
  return width === 4 ? `vec4<${type}>` : type;
}

/**
 * Storage buffers at bindings 0, 1, …, then a uniform `P` of unsigned numbers and, after those, floats.
 */
export function declarations(
  buffers: readonly Storage[],
  unsigned: readonly string[],
  floats: readonly string[] = [],
): string {
  const storage = buffers.map(({ name, element, access }, binding) => {
    const mode = access === 'w' ? 'read_write' : 'read';
    return `@group(0) @binding(${binding}) var<storage, ${mode}> ${name}: array<${element}>;`;
  });
  const fields = [
    ...unsigned.map((name) => `${name}: u32,`),
    ...floats.map((name) => `${name}: f32,`),
  ];
  return [
    ...storage,
    `struct Params { ${fields.join(' ')} }`,
    `@group(0) @binding(${buffers.length}) var<uniform> P: Params;`,
  ].join('\n');
}

/** One letter for each buffer, as a kernel's `access`. */
export function accessOf(buffers: readonly Storage[]): string {
  return buffers.map(({ access }) => access).join('');
}

/** Threads of a workgroup of {@link eachElement}. */
export const LANES = 64;

/** An entry point that runs `body` for each element of a flat range: `e` counts from 0 to `count`. The grid may be folded. */
export function eachElement(body: string, count = 'P.count'): string {
  return `@compute @workgroup_size(${LANES})
fn main(@builtin(workgroup_id) wg: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let e = (wg.x + wg.y * groups.x) * ${LANES}u + lane;
  if (e >= ${count}) { return; }
  ${body}
}`;
}
