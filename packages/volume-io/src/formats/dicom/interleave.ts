/** Planes one after the other → samples side by side per pixel. */
export function interleave<T extends { length: number; [n: number]: number; slice(): T }>(
  planes: T,
  components: number,
): T {
  const out = planes.slice();
  const pixels = planes.length / components;
  for (let c = 0; c < components; c++) {
    for (let p = 0; p < pixels; p++) out[p * components + c] = planes[c * pixels + p];
  }
  return out;
}
