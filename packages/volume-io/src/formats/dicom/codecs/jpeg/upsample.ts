import type { JpegComponent, JpegFrame } from './api.js';

type Plane = Uint8Array | Uint16Array;

/**
 * Writes one component at full size into every `step`-th place of `out`. Halved components are interpolated with the
 * triangle filter of the IJG library; other ratios are repeated.
 */
export function upsampleInto(
  plane: Plane,
  stride: number,
  component: JpegComponent,
  frame: JpegFrame,
  out: Plane,
  offset: number,
  step: number,
): void {
  const { width, height } = frame;
  const fx = frame.maxH / component.h;
  const fy = frame.maxV / component.v;
  const smooth = fx === 2 && (fy === 1 || fy === 2) && component.width > 2;
  const line = smooth ? new Int32Array(component.width * 2) : undefined;
  for (let y = 0; y < height; y++) {
    const to = offset + y * width * step;
    const near = Math.floor(y / fy) * stride;
    if (line) {
      if (fy === 1) smoothRow(plane, near, component.width, line);
      else smoothRows(plane, near, otherRow(y, component.height) * stride, component.width, line);
      for (let x = 0; x < width; x++) out[to + x * step] = line[x];
    } else if (fx === 1) {
      for (let x = 0; x < width; x++) out[to + x * step] = plane[near + x];
    } else {
      for (let x = 0; x < width; x++) out[to + x * step] = plane[near + Math.floor(x / fx)];
    }
  }
}

/** The second-nearest row of a component halved in height, for output row y. */
function otherRow(y: number, height: number): number {
  const row = (y >> 1) + (y & 1 ? 1 : -1);
  return Math.min(height - 1, Math.max(0, row));
}

function smoothRow(plane: Plane, at: number, width: number, out: Int32Array): void {
  out[0] = plane[at];
  out[1] = (plane[at] * 3 + plane[at + 1] + 2) >> 2;
  for (let x = 1; x < width - 1; x++) {
    const value = plane[at + x] * 3;
    out[2 * x] = (value + plane[at + x - 1] + 1) >> 2;
    out[2 * x + 1] = (value + plane[at + x + 1] + 2) >> 2;
  }
  const last = at + width - 1;
  out[2 * width - 2] = (plane[last] * 3 + plane[last - 1] + 1) >> 2;
  out[2 * width - 1] = plane[last];
}

function smoothRows(plane: Plane, near: number, far: number, width: number, out: Int32Array): void {
  let current = plane[near] * 3 + plane[far];
  let next = plane[near + 1] * 3 + plane[far + 1];
  out[0] = (current * 4 + 8) >> 4;
  out[1] = (current * 3 + next + 7) >> 4;
  let previous = current;
  current = next;
  for (let x = 1; x < width - 1; x++) {
    next = plane[near + x + 1] * 3 + plane[far + x + 1];
    out[2 * x] = (current * 3 + previous + 8) >> 4;
    out[2 * x + 1] = (current * 3 + next + 7) >> 4;
    previous = current;
    current = next;
  }
  out[2 * width - 2] = (current * 3 + previous + 8) >> 4;
  out[2 * width - 1] = (current * 4 + 7) >> 4;
}
