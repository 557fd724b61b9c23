import type { ReadonlyVec3 } from '@genesis/core';

/** A point or a direction. */
type Point = readonly number[];

/** The corners of a cube; corner n belongs to bit n of a code. */
const CORNERS: readonly Point[] = Array.from({ length: 8 }, (_, n) => [
  n >> 2,
  (n >> 1) & 1,
  n & 1,
]);

/** The faces of a cube: their corners all around. */
const FACES: readonly (readonly number[])[] = [1, 2, 4].flatMap((across) => {
  const [a, b] = [1, 2, 4].filter((bit) => bit !== across);
  return [0, across].map((side) => [side, side + a, side + a + b, side + b]);
});

/** For each code, triangles as vectors across them, as long as their areas in a cube of side 1. */
let triangles: readonly (readonly Point[])[] | undefined;

/**
 * The area in mm² of the surface inside a cube of eight neighboring voxel centers, for each of the 256 ways in which these may lie
 * inside or outside a mask: marching cubes, edges cut in their middles, as DeepMind's surface-distance weighs surface elements. Where
 * a face may be cut in two ways, the corners of the side that has fewer in the cube are apart; a polygon that does not lie in a plane
 * is divided such that its area in a cube of side 1 is largest.
 *
 * @param spacing - Sides of a voxel in mm.
 * @returns By code: bit 4x + 2y + z tells whether the corner (x, y, z) is inside. 0 for none and for all.
 */
export function surfaceAreas(spacing: ReadonlyVec3): Float64Array {
  triangles ??= Array.from({ length: 256 }, (_, code) => trianglesOf(code));
  const [x, y, z] = spacing;
  const areas = triangles.map((some) =>
    some.reduce((sum, [a, b, c]) => sum + Math.hypot(a * y * z, b * x * z, c * x * y), 0),
  );
  return Float64Array.from(areas);
}

function trianglesOf(code: number): Point[] {
  const inside = CORNERS.map((_, n) => ((code >> n) & 1) === 1);
  const isFew = inside.filter((one) => one).length <= 4;
  const apart = inside.map((one) => one === isFew);
  return polygonsOf(apart).flatMap((polygon) => largest(polygon));
}

/** The polygons between the corners that are apart and the others; an edge that is cut is named by its two corners' bits. */
function polygonsOf(apart: readonly boolean[]): Point[][] {
  const cuts = FACES.flatMap((face) => cutsOf(face, apart));
  const polygons: Point[][] = [];
  while (cuts.length > 0) {
    const [[first, second]] = cuts.splice(0, 1);
    const edges = [first];
    for (let edge = second; edge !== first; ) {
      edges.push(edge);
      const [[a, b]] = cuts.splice(
        cuts.findIndex((cut) => cut.includes(edge)),
        1,
      );
      edge = a === edge ? b : a;
    }
    polygons.push(edges.map(middleOf));
  }
  return polygons;
}

/** The lines in which a face is cut: around each corner that is apart from its neighbors, or between two and two. */
function cutsOf(face: readonly number[], apart: readonly boolean[]): [number, number][] {
  const edges = face.map((corner, n) => edgeOf(corner, face[(n + 1) % 4]));
  const isCut = face.map((corner, n) => apart[corner] !== apart[face[(n + 1) % 4]]);
  const cut = edges.filter((_, n) => isCut[n]);
  if (cut.length === 2) return [[cut[0], cut[1]]];
  if (cut.length === 0) return [];
  return [0, 1, 2, 3]
    .filter((n) => apart[face[n]])
    .map((n): [number, number] => [edges[(n + 3) % 4], edges[n]]);
}

function edgeOf(a: number, b: number): number {
  return Math.min(a, b) * 8 + Math.max(a, b);
}

function middleOf(edge: number): Point {
  const [a, b] = [CORNERS[edge >> 3], CORNERS[edge & 7]];
  return a.map((value, n) => (value + b[n]) / 2);
}

/** The division of a polygon into triangles that has the largest area; their vectors. */
function largest(polygon: readonly Point[]): Point[] {
  const last = polygon.length - 1;
  let [best, most] = [[] as Point[], Number.NEGATIVE_INFINITY];
  for (let n = 1; n < last; n++) {
    const parts = [
      acrossOf(polygon[0], polygon[n], polygon[last]),
      ...largest(polygon.slice(0, n + 1)),
      ...largest(polygon.slice(n)),
    ];
    const area = parts.reduce((sum, part) => sum + Math.hypot(...part), 0);
    if (area > most + 1e-9) [best, most] = [parts, area];
  }
  return best;
}

/** Half the cross product of two sides. */
function acrossOf(a: Point, b: Point, c: Point): Point {
  const [u, v] = [b, c].map((end) => end.map((value, n) => value - a[n]));
  return [0, 1, 2].map((n) => {
    const [p, q] = [(n + 1) % 3, (n + 2) % 3];
    return (u[p] * v[q] - u[q] * v[p]) / 2;
  });
}
