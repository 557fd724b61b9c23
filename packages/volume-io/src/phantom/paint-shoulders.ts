import type { Vec3 } from '@genesis/core';
import { phantomLabels } from './api.js';
import { smoothMax } from './exact-math.js';
import type { PhantomGrid } from './grid.js';
import { type Mask, paintMask } from './mask.js';
import { maskField } from './mask-field.js';
import { maskCone, maskTube, type TubePoint } from './mask-tube.js';
import { CAVITY } from './torso.js';

/** Sternum, clavicles and shoulder blades. */
export function paintShoulders(grid: PhantomGrid, mask: Mask): void {
  const bones = (grow: number): void => {
    maskTube(grid, mask, sternum(grow), [3.6, 1, 1.4]);
    for (const side of [-1, 1]) maskTube(grid, mask, clavicle(side, grow));
    scapulae(grid, mask, grow);
  };
  bones(0);
  paintMask(grid, mask, 640, phantomLabels.shoulderGirdle);
  bones(-1.7);
  paintMask(grid, mask, 210, phantomLabels.shoulderGirdle);
}

/** Follows the front of the rib cage, sloping forward as it goes down. */
function sternum(grow: number): TubePoint[] {
  const points: TubePoint[] = [];
  for (const z of [84, 66, 48, 30, 10, -10, -28]) {
    const u = (z - CAVITY.shoulder) / (CAVITY.top - CAVITY.shoulder);
    const y = CAVITY.depth * Math.sqrt(1 - Math.max(0, u) * Math.max(0, u)) + 6;
    points.push({ at: [0, y, z], radius: (z > 50 ? 6 : 5) + grow });
  }
  return points;
}

function clavicle(side: number, grow: number): TubePoint[] {
  const course: readonly Vec3[] = [
    [14, 60, 88],
    [40, 62, 98],
    [70, 48, 112],
    [96, 26, 122],
    [112, 8, 130],
  ];
  return course.map((p) => ({ at: [side * p[0], p[1], p[2]], radius: 5.5 + grow }));
}

/** A thin triangular blade behind the ribs, with its ridge and a thicker outer border. */
function scapulae(grid: PhantomGrid, mask: Mask, grow: number): void {
  for (const side of [-1, 1]) {
    const inferior: Vec3 = [side * 104, -86, 12];
    const superior: Vec3 = [side * 66, -94, 104];
    const glenoid: Vec3 = [side * 119, -50, 104];
    const spineRoot: Vec3 = [side * 70, -99, 84];
    const acromion: Vec3 = [side * 122, -64, 118];
    maskCone(grid, mask, { at: inferior, radius: 4 + grow }, { at: glenoid, radius: 5.5 + grow });
    maskCone(grid, mask, { at: glenoid, radius: 10 + grow }, { at: glenoid, radius: 10 + grow });
    maskCone(grid, mask, { at: superior, radius: 3 + grow }, { at: inferior, radius: 3 + grow });
    maskCone(grid, mask, { at: spineRoot, radius: 3.5 + grow }, { at: acromion, radius: 5 + grow });
    if (grow === 0) maskBlade(grid, mask, inferior, superior, glenoid);
  }
}

/** A plate of 3 mm between three corners. */
function maskBlade(grid: PhantomGrid, mask: Mask, a: Vec3, b: Vec3, c: Vec3): void {
  const cross = (u: Vec3, v: Vec3): Vec3 => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const minus = (u: Vec3, v: Vec3): Vec3 => [u[0] - v[0], u[1] - v[1], u[2] - v[2]];
  const unit = (u: Vec3): Vec3 => {
    const l = Math.sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]);
    return [u[0] / l, u[1] / l, u[2] / l];
  };
  const normal = unit(cross(minus(b, a), minus(c, a)));
  const edges = [
    { from: a, out: unit(cross(minus(b, a), normal)) },
    { from: b, out: unit(cross(minus(c, b), normal)) },
    { from: c, out: unit(cross(minus(a, c), normal)) },
  ];
  const along = (n: Vec3, p: Vec3, x: number, y: number, z: number): number =>
    n[0] * (x - p[0]) + n[1] * (y - p[1]) + n[2] * (z - p[2]);
  const lower: Vec3 = [0, 0, 0];
  const upper: Vec3 = [0, 0, 0];
  for (let d = 0; d < 3; d++) {
    lower[d] = Math.min(a[d], b[d], c[d]) - 3;
    upper[d] = Math.max(a[d], b[d], c[d]) + 3;
  }
  maskField(grid, mask, [lower, upper], (x, y, z) => {
    let f = Math.abs(along(normal, a, x, y, z)) - 1.6;
    for (const e of edges) f = smoothMax(f, along(e.out, e.from, x, y, z), 1);
    return f;
  });
}
