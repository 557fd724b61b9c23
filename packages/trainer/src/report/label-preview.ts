import { type ReadonlyVec3, reorient, type Vec3, type Volume } from '@genesis/volume-io';
import { fullestPlane, planeCounts } from '../plane-counts.js';
import type { SliceImage } from './api.js';
import { type Color, classColor } from './class-colors.js';

/** Pixels of the longest side of a plane, and between planes. */
const LONGEST = 384;
const GAP = 8;

/** Values are shown from black to white between these shares of the pixels, so that an implant does not darken the rest. */
const [DARK, BRIGHT] = [0.01, 0.995];

/** What is seen of a plane: one of the axes of RAS to the left, one up. */
const PLANES = [
  { across: 0, up: 1, through: 2 },
  { across: 0, up: 2, through: 1 },
  { across: 1, up: 2, through: 0 },
] as const;

/** A plane before it is drawn, rows from the top. */
interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  /** Position of the label among those shown, from 1; 0 for the rest. */
  readonly classes: Uint16Array;
}

/**
 * Three planes through a label map side by side, axial, coronal, sagittal, each where the most voxels are labelled, with the outlines of the
 * labels over the image. In millimetres, as radiologists look at it: the patient's right is on the left, anterior or superior on top.
 *
 * @param image - Of the same shape as the labels, voxel by voxel.
 * @param shown - The labels that have an outline, in the order of their colours.
 * @returns RGB.
 */
export function labelPreview(image: Volume, labels: Volume, shown: readonly number[]): SliceImage {
  const [gray, map] = [reorient(image, 'RAS'), reorient(labels, 'RAS')];
  const positions = new Map(shown.map((value, n) => [value, n + 1]));
  const at = planeCounts(map.data, (value) => positions.has(value)).map(fullestPlane) as Vec3;
  const { spacing } = map;
  const longest = Math.max(...map.data.shape.map((side, axis) => side * spacing[axis]));
  const planes = PLANES.map((plane) => cut(gray, map, positions, plane, at, LONGEST / longest));
  return sideBySide(planes, windowOf(planes));
}

/** Image values by linear interpolation within the plane, labels of the nearest voxel. */
function cut(
  image: Volume,
  labels: Volume,
  positions: ReadonlyMap<number, number>,
  { across, up, through }: (typeof PLANES)[number],
  at: ReadonlyVec3,
  scale: number,
): Plane {
  const { shape } = labels.data;
  const { spacing } = labels;
  const pixels = (axis: 0 | 1 | 2): number =>
    Math.max(1, Math.round(shape[axis] * spacing[axis] * scale));
  const [width, height] = [pixels(across), pixels(up)];
  const values = new Float32Array(width * height);
  const classes = new Uint16Array(width * height);
  const place: Vec3 = [0, 0, 0];
  place[through] = at[through];
  const voxel = ({ data }: Volume, x: number, y: number): number => {
    place[across] = Math.max(0, Math.min(shape[across] - 1, x));
    place[up] = Math.max(0, Math.min(shape[up] - 1, y));
    return data.get(...place);
  };
  for (let row = 0, n = 0; row < height; row++) {
    const y = ((height - row - 0.5) / height) * shape[up] - 0.5;
    for (let column = 0; column < width; column++, n++) {
      const x = ((width - column - 0.5) / width) * shape[across] - 0.5;
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - x0, y - y0];
      const low = voxel(image, x0, y0) * (1 - fx) + voxel(image, x0 + 1, y0) * fx;
      const high = voxel(image, x0, y0 + 1) * (1 - fx) + voxel(image, x0 + 1, y0 + 1) * fx;
      values[n] = low * (1 - fy) + high * fy;
      classes[n] = positions.get(voxel(labels, Math.round(x), Math.round(y))) ?? 0;
    }
  }
  return { width, height, values, classes };
}

/** The values that are black and white. */
function windowOf(planes: readonly Plane[]): readonly [number, number] {
  const all = Float32Array.from(
    planes.flatMap(({ values }) => [...values.filter(Number.isFinite)]),
  );
  if (all.length === 0) return [0, 1];
  all.sort();
  const share = (part: number): number => all[Math.round(part * (all.length - 1))];
  return [share(DARK), share(BRIGHT)];
}

function sideBySide(
  planes: readonly Plane[],
  [black, white]: readonly [number, number],
): SliceImage {
  const width = planes.reduce((sum, plane) => sum + plane.width, GAP * (planes.length - 1));
  const height = Math.max(...planes.map((plane) => plane.height));
  const pixels = new Uint8Array(width * height * 3);
  let left = 0;
  for (const plane of planes) {
    const top = (height - plane.height) >> 1;
    for (let n = 0; n < plane.values.length; n++) {
      const [x, y] = [n % plane.width, Math.floor(n / plane.width)];
      const value = white > black ? (plane.values[n] - black) / (white - black) : 0;
      const gray = Math.round(255 * Math.max(0, Math.min(1, value)));
      const color: Color = isOutline(plane, x, y)
        ? classColor(plane.classes[n] - 1)
        : [gray, gray, gray];
      pixels.set(color, ((top + y) * width + left + x) * 3);
    }
    left += plane.width + GAP;
  }
  return { pixels, width, height };
}

/** Whether a labelled pixel has another label within a pixel, so that outlines are two pixels wide where labels meet. */
function isOutline({ width, height, classes }: Plane, x: number, y: number): boolean {
  const own = classes[y * width + x];
  if (own === 0) return false;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const [u, v] = [x + dx, y + dy];
      const isInside = u >= 0 && v >= 0 && u < width && v < height;
      if (isInside && classes[v * width + u] !== own) return true;
    }
  }
  return false;
}
