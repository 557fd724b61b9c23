import type { NdArray } from 'ndarray';
import { fullestPlane, planeCounts } from '../plane-counts.js';
import type { SliceImage } from './api.js';
import { classColor } from './class-colors.js';

/** Axis that the slice is perpendicular to: 2 is axial, 1 coronal, 0 sagittal for RAS volumes. */
export type SliceAxis = 0 | 1 | 2;

/**
 * A slice of a volume turned to RAS as radiologists look at it: axial and coronal with the patient's right on the
 * left of the image, anterior or superior on top. Values 0…1 become 0…255.
 *
 * @param volume - [x, y, z]; of several channels, [x, y, z, channels], the first is shown.
 */
export function graySlice(
  volume: NdArray<Float32Array>,
  axis: SliceAxis,
  index: number,
): SliceImage {
  const [width, height] = sides(volume.shape, axis);
  const pixels = new Uint8Array(width * height);
  const shown = volume.dimension === 4 ? volume.pick(null, null, null, 0) : volume;
  eachPixel(shown, axis, index, (value, n) => {
    pixels[n] = Math.max(0, Math.min(255, Math.round(value * 255)));
  });
  return { pixels, width, height };
}

/** A slice with the outlines of its classes in colour. */
export function outlinedSlice(
  volume: NdArray<Float32Array>,
  classes: NdArray<Uint8Array>,
  axis: SliceAxis,
  index: number,
): SliceImage {
  const { pixels: gray, width, height } = graySlice(volume, axis, index);
  const map = new Uint8Array(width * height);
  eachPixel(classes, axis, index, (value, n) => {
    map[n] = value;
  });
  const scale = 3;
  const out = new Uint8Array(width * height * scale * scale * 3);
  // Drawn at three times the size, so that an outline covers a third of its voxel and hides little.
  for (let y = 0; y < height * scale; y++) {
    for (let x = 0; x < width * scale; x++) {
      const u = Math.floor(x / scale);
      const v = Math.floor(y / scale);
      const own = map[v * width + u];
      const beside = (dx: number, dy: number): number => {
        const nu = Math.floor((x + dx) / scale);
        const nv = Math.floor((y + dy) / scale);
        return nu < 0 || nv < 0 || nu >= width || nv >= height ? 0 : map[nv * width + nu];
      };
      const isEdge =
        own > 0 &&
        (beside(1, 0) !== own ||
          beside(-1, 0) !== own ||
          beside(0, 1) !== own ||
          beside(0, -1) !== own);
      const value = gray[v * width + u];
      const color = isEdge ? classColor(own - 1) : [value, value, value];
      out.set(color, (y * width * scale + x) * 3);
    }
  }
  return { pixels: out, width: width * scale, height: height * scale };
}

/** The slice with the most labelled voxels. */
export function fullestSlice(classes: NdArray<Uint8Array>, axis: SliceAxis): number {
  return fullestPlane(planeCounts(classes, (value) => value > 0)[axis]);
}

function sides(shape: readonly number[], axis: SliceAxis): [number, number] {
  if (axis === 2) return [shape[0], shape[1]];
  return axis === 1 ? [shape[0], shape[2]] : [shape[1], shape[2]];
}

function eachPixel(
  volume: NdArray<Float32Array | Uint8Array>,
  axis: SliceAxis,
  index: number,
  visit: (value: number, n: number) => void,
): void {
  const [width, height] = sides(volume.shape, axis);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const across = width - 1 - column;
      const up = height - 1 - row;
      const value =
        axis === 2
          ? volume.get(across, up, index)
          : axis === 1
            ? volume.get(across, index, up)
            : volume.get(index, across, up);
      visit(value, row * width + column);
    }
  }
}
