import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import type { Range } from '../device/kernel.js';
import { LANES } from '../wgsl/declare.js';

const BYTES = 4;
const VECTOR_BYTES = 16;

/** Some elements of a tensor, bound from an address that the device accepts. */
export interface Part {
  readonly range: Range;
  /** Where the first element lies in the range, in elements. */
  readonly base: number;
}

/** Binds `count` elements of a tensor from the element `first` on. */
export function partOf(
  backend: GenesisBackend,
  tensor: TensorInfo,
  first: number,
  count: number,
): Part {
  const whole = backend.whole(tensor);
  const { alignment } = backend.limits;
  const offset = Math.floor((first * BYTES) / alignment) * alignment;
  const end = Math.min(
    whole.size,
    Math.ceil(((first + count) * BYTES) / VECTOR_BYTES) * VECTOR_BYTES,
  );
  const size = Math.max(VECTOR_BYTES, end - offset);
  return { range: { buffer: whole.buffer, offset, size }, base: first - offset / BYTES };
}

/** Whether all of a tensor can be bound at once. */
export function fits({ limits }: GenesisBackend, elements: number): boolean {
  return elements * BYTES <= limits.binding;
}

/** The most elements that can be bound wherever they start. */
export function mostElements({ limits }: GenesisBackend): number {
  return Math.floor((limits.binding - limits.alignment) / BYTES);
}

/** Workgroups for `blocks` of work, folded where a row of them would be too long. */
export function foldGroups({ limits }: GenesisBackend, blocks: number): [number, number] {
  if (blocks <= limits.groups) return [Math.max(1, blocks), 1];
  const rows = Math.ceil(blocks / limits.groups);
  return [Math.ceil(blocks / rows), rows];
}

/** Workgroups of `eachElement` for `count` elements. */
export function elementGroups(backend: GenesisBackend, count: number): [number, number] {
  return foldGroups(backend, Math.ceil(count / LANES));
}

/** Runs of planes, `to` excluded: as long as they fit, which one plane is taken to do, and no longer than `longest`. */
export function planeRuns(
  planes: number,
  longest: number,
  isFitting: (from: number, to: number) => boolean,
): { readonly from: number; readonly to: number }[] {
  const runs: { from: number; to: number }[] = [];
  for (let from = 0; from < planes; ) {
    let to = Math.min(planes, from + longest);
    while (to > from + 1 && !isFitting(from, to)) to = from + Math.ceil((to - from) / 2);
    runs.push({ from, to });
    from = to;
  }
  return runs;
}

/** Number of elements of a tensor. */
export function sizeOf({ shape }: TensorInfo): number {
  return util.sizeFromShape(shape);
}
