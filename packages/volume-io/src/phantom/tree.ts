import type { Vec3 } from '@genesis/core';
import { cubeRoot, length3 } from './exact-math.js';
import type { TubePoint } from './mask-tube.js';
import type { PhantomRandom } from './random.js';

export interface TreeOpts {
  root: Vec3;
  /** Direction in which the root enters. */
  heading: Vec3;
  /** Where the twigs end. */
  targets: readonly Vec3[];
  /** mm */
  twigRadius: number;
  maxRadius: number;
  random: PhantomRandom;
}

/**
 * Grows a tree that reaches every target: near ones first, each from the node from where the way is short and does not
 * turn back. A branch's cube of the radius is the sum of its daughters' (Murray 1926).
 * Returns one piece per branch segment.
 */
export function growTree(opts: TreeOpts): [TubePoint, TubePoint][] {
  const { root, heading, random } = opts;
  const at: Vec3[] = [root];
  const parent: number[] = [-1];
  const direction: Vec3[] = [heading];
  const distance = (p: Vec3): number => length3(p[0] - root[0], p[1] - root[1], p[2] - root[2]);
  const ordered = opts.targets
    .map((p) => ({ p, key: distance(p) * random.range(0.75, 1.25) }))
    .sort((a, b) => a.key - b.key);
  for (const { p } of ordered) {
    let best = 0;
    let bestCost = Number.POSITIVE_INFINITY;
    for (let n = 0; n < at.length; n++) {
      const q = at[n];
      const d = direction[n];
      const away: Vec3 = [p[0] - q[0], p[1] - q[1], p[2] - q[2]];
      const way = length3(away[0], away[1], away[2]) + 1e-6;
      const ahead = (away[0] * d[0] + away[1] * d[1] + away[2] * d[2]) / way;
      const cost = way * (1.9 - 0.9 * ahead) + 0.12 * distance(q);
      if (cost < bestCost) {
        bestCost = cost;
        best = n;
      }
    }
    extend(at, parent, direction, best, p, random);
  }
  const leaves = countLeaves(parent);
  return at.flatMap((p, n): [TubePoint, TubePoint][] => {
    if (n === 0) return [];
    const up = parent[n];
    const radius = Math.min(opts.maxRadius, opts.twigRadius * cubeRoot(leaves[n]));
    const before = Math.min(opts.maxRadius, opts.twigRadius * cubeRoot(leaves[up]));
    // Daughters start at nearly their own width, not at the mother's.
    const start = Math.min(before, radius * 1.15);
    return [
      [
        { at: at[up], radius: start },
        { at: p, radius },
      ],
    ];
  });
}

/** Adds a way from node `from` to `p`: leaves along the node's own direction and bends towards the target. */
function extend(
  at: Vec3[],
  parent: number[],
  direction: Vec3[],
  from: number,
  p: Vec3,
  random: PhantomRandom,
): void {
  const q = at[from];
  const d = direction[from];
  const way = length3(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  const steps = Math.max(1, Math.min(8, Math.round(way / 7)));
  const bend = 0.33 * way;
  const control: Vec3 = [0, 1, 2].map(
    (n) => q[n] + bend * d[n] + random.range(-0.06, 0.06) * way,
  ) as Vec3;
  let last = from;
  for (let s = 1; s <= steps; s++) {
    const t = s / steps;
    const point: Vec3 = [0, 1, 2].map(
      (n) => (1 - t) * (1 - t) * q[n] + 2 * t * (1 - t) * control[n] + t * t * p[n],
    ) as Vec3;
    const before = at[last];
    const step: Vec3 = [point[0] - before[0], point[1] - before[1], point[2] - before[2]];
    const l = length3(step[0], step[1], step[2]) + 1e-9;
    at.push(point);
    parent.push(last);
    direction.push([step[0] / l, step[1] / l, step[2] / l]);
    last = at.length - 1;
  }
}

/** Leaves below each node; children always come after their parents. */
function countLeaves(parent: readonly number[]): number[] {
  const leaves = new Array<number>(parent.length).fill(0);
  for (let n = parent.length - 1; n > 0; n--) {
    if (leaves[n] === 0) leaves[n] = 1;
    leaves[parent[n]] += leaves[n];
  }
  return leaves;
}
