/**
 * Where windows start along one axis: evenly spread, the first at 0, the last at the end, neighbours sharing at least
 * `overlap` of their length.
 *
 * @param length - Voxels of the volume along the axis, at least `window`.
 * @param overlap - 0…0.95
 */
export function windowStarts(length: number, window: number, overlap: number): number[] {
  const room = length - window;
  if (room <= 0) return [0];
  const stride = Math.max(1, Math.floor(window * (1 - overlap)));
  const steps = Math.ceil(room / stride);
  return Array.from({ length: steps + 1 }, (_, n) => Math.round((n * room) / steps));
}
