/**
 * Smooth noise in [−1, 1] that is a function of position in mm alone, so that tissue looks the same on every grid.
 * Random values at the corners of a cubic lattice, smoothly interpolated.
 */
export function valueNoise(key: number): (x: number, y: number, z: number) => number {
  const corner = (i: number, j: number, k: number): number => {
    let h = Math.imul(i, 0x27d4eb2d) ^ Math.imul(j, 0x165667b1) ^ Math.imul(k, 0x9e3779b1) ^ key;
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
    return (h ^ (h >>> 15)) / 2 ** 31;
  };
  return (x, y, z) => {
    const i = Math.floor(x);
    const j = Math.floor(y);
    const k = Math.floor(z);
    const u = fade(x - i);
    const v = fade(y - j);
    const w = fade(z - k);
    const front = mix(
      mix(corner(i, j, k), corner(i + 1, j, k), u),
      mix(corner(i, j + 1, k), corner(i + 1, j + 1, k), u),
      v,
    );
    const back = mix(
      mix(corner(i, j, k + 1), corner(i + 1, j, k + 1), u),
      mix(corner(i, j + 1, k + 1), corner(i + 1, j + 1, k + 1), u),
      v,
    );
    return mix(front, back, w);
  };
}

const fade = (t: number): number => t * t * (3 - 2 * t);
const mix = (a: number, b: number, t: number): number => a + t * (b - a);
