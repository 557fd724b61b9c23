import type { LabelArray, VolumeArray } from '@genesis/transforms';

const PLANES = [
  { name: 'axial', axis: 2 },
  { name: 'coronal', axis: 1 },
  { name: 'sagittal', axis: 0 },
] as const;

/** Three canvases for the three planes through a volume. */
export interface SliceView {
  /**
   * @param at - voxel through which the planes go
   * @param label - laid over the image in colors; class 0 has none
   */
  draw(
    volume: VolumeArray,
    spacing: readonly number[],
    at: readonly number[],
    label?: LabelArray,
  ): void;
}

/** Colors of the classes, over and over. */
const COLORS = [
  [79, 195, 217],
  [242, 166, 90],
  [126, 211, 127],
  [224, 122, 164],
  [170, 146, 238],
  [238, 217, 110],
  [240, 110, 96],
];

/** How much of a voxel's color its class gives. */
const TINT = 0.38;

/** Head up, anterior up in the axial plane, the patient's right on the left. */
function paint(
  canvas: HTMLCanvasElement,
  volume: VolumeArray,
  axis: 0 | 1 | 2,
  at: number,
  spacing: readonly number[],
  label: LabelArray | undefined,
): void {
  const [u, v] = [0, 1, 2].filter((a) => a !== axis);
  const width = volume.shape[u];
  const height = volume.shape[v];
  const step = Math.max(spacing[u], spacing[v]);
  const small = new OffscreenCanvas(width, height);
  const context = small.getContext('2d') as OffscreenCanvasRenderingContext2D;
  const image = context.createImageData(width, height);
  const index = [0, 0, 0];
  index[axis] = at;
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      index[u] = axis === 0 ? i : width - 1 - i;
      index[v] = height - 1 - j;
      // A soft-tissue gamma: lungs stay dark, the mediastinum is bright enough to see.
      const value = Math.min(Math.max(volume.get(index[0], index[1], index[2]), 0), 1);
      const level = 255 * value ** 1.15;
      const own = label?.get(index[0], index[1], index[2]) ?? 0;
      const color = own === 0 ? [level, level, level] : COLORS[(own - 1) % COLORS.length];
      const tint = (c: number): number => level + TINT * (c - level);
      image.data.set([...color.map(tint), 255], 4 * (j * width + i));
    }
  }
  context.putImageData(image, 0, 0);
  const zoom = Math.max(1, Math.floor(420 / width));
  canvas.width = Math.round((width * zoom * spacing[u]) / step);
  canvas.height = Math.round((height * zoom * spacing[v]) / step);
  const target = canvas.getContext('2d') as CanvasRenderingContext2D;
  target.imageSmoothingEnabled = false;
  target.drawImage(small, 0, 0, canvas.width, canvas.height);
}

export function createSliceView(parent: HTMLElement): SliceView {
  const canvases = PLANES.map(({ name }) => {
    const figure = document.createElement('figure');
    const canvas = document.createElement('canvas');
    canvas.id = `${parent.id}-${name}`;
    const caption = document.createElement('figcaption');
    caption.textContent = name;
    figure.append(canvas, caption);
    parent.append(figure);
    return canvas;
  });
  return {
    draw(volume, spacing, at, label) {
      for (const [i, { axis }] of PLANES.entries()) {
        const slice = Math.min(at[axis], volume.shape[axis] - 1);
        paint(canvases[i], volume, axis, slice, spacing, label);
      }
    },
  };
}
