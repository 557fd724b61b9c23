/*
 * The phantom is made of +, −, ×, ÷ and square roots, whose results IEEE 754 fixes to the last bit, so that the same
 * seed gives the same bytes on every machine. Math.sin, Math.cbrt, Math.hypot and ** do not promise that.
 */

/** sin(2π·turns), to 1e-7. */
export function sinTurns(turns: number): number {
  const t = turns - Math.floor(turns + 0.5);
  // Folded to [−1/4, 1/4], where the Taylor series is short.
  const q = t > 0.25 ? 0.5 - t : t < -0.25 ? -0.5 - t : t;
  const x = q * 6.283185307179586;
  const s = x * x;
  return x * (1 - (s / 6) * (1 - (s / 20) * (1 - (s / 42) * (1 - (s / 72) * (1 - s / 110)))));
}

export function cosTurns(turns: number): number {
  return sinTurns(turns + 0.25);
}

/** Cube root of a number ≥ 1. */
export function cubeRoot(n: number): number {
  let r = 1 + n / 6;
  for (let step = 0; step < 24; step++) r -= (r * r * r - n) / (3 * r * r);
  return r;
}

export function length3(x: number, y: number, z: number): number {
  return Math.sqrt(x * x + y * y + z * z);
}

export function clamp01(t: number): number {
  return Math.max(0, Math.min(1, t));
}

/** 0 below lo, 1 above hi, smooth between. */
export function smoothStep(lo: number, hi: number, t: number): number {
  const u = clamp01((t - lo) / (hi - lo));
  return u * u * (3 - 2 * u);
}

/** Maximum whose edge is rounded over about k. */
export function smoothMax(a: number, b: number, k: number): number {
  const h = k - Math.abs(a - b);
  const m = Math.max(a, b);
  return h > 0 ? m + (h * h) / (4 * k) : m;
}

export function smoothMin(a: number, b: number, k: number): number {
  return -smoothMax(-a, -b, k);
}
