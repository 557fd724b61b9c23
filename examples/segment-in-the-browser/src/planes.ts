import type { Preview } from './messages.js';

const PLANES = [
  { name: 'axial', axis: 2, across: 0, down: 1 },
  { name: 'coronal', axis: 1, across: 0, down: 2 },
  { name: 'sagittal', axis: 0, across: 1, down: 2 },
] as const;

type Plane = (typeof PLANES)[number];

/** Colors of the classes after the background, over and over. */
export const COLORS = ['#4fc3d9', '#f2a65a', '#7ed37f', '#e07aa4', '#aa92ee', '#eed96e', '#f06e60'];

/** How much of a voxel's color its class gives. */
const TINT = 0.45;

/** Three planes through the volume, each with a slider; head up, the patient's right on the left. */
export function showPlanes(parent: HTMLElement, preview: Preview): void {
  parent.replaceChildren(...PLANES.map((plane) => planeFigure(plane, preview)));
}

function planeFigure(plane: Plane, preview: Preview): HTMLElement {
  const figure = document.createElement('figure');
  const canvas = document.createElement('canvas');
  const slider = document.createElement('input');
  const caption = document.createElement('figcaption');
  const count = preview.shape[plane.axis];
  Object.assign(slider, { type: 'range', min: '0', max: `${count - 1}`, value: `${count >> 1}` });
  slider.setAttribute('aria-label', `${plane.name} slice`);
  const draw = (): void => {
    paint(canvas, plane, Number(slider.value), preview);
    caption.textContent = `${plane.name} ${Number(slider.value) + 1} of ${count}`;
  };
  slider.oninput = draw;
  draw();
  figure.append(canvas, slider, caption);
  return figure;
}

function paint(canvas: HTMLCanvasElement, plane: Plane, at: number, preview: Preview): void {
  const { shape, spacing, image, classes } = preview;
  const { axis, across, down } = plane;
  const stride = [1, shape[0], shape[0] * shape[1]];
  const width = shape[across];
  const height = shape[down];
  canvas.width = width;
  canvas.height = height;
  canvas.style.aspectRatio = `${width * spacing[across]} / ${height * spacing[down]}`;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const pixels = context.createImageData(width, height);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      // Radiologists look from the feet and from the front: right is on the left.
      const i = across === 0 ? width - 1 - u : u;
      const from = at * stride[axis] + i * stride[across] + (height - 1 - v) * stride[down];
      const gray = image[from];
      const color = colorOf(classes[from]);
      const to = 4 * (v * width + u);
      for (let c = 0; c < 3; c++) {
        pixels.data[to + c] = color ? gray + TINT * (color[c] - gray) : gray;
      }
      pixels.data[to + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
}

const RGB = COLORS.map((color) =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)),
);

function colorOf(position: number): readonly number[] | undefined {
  return position === 0 ? undefined : RGB[(position - 1) % RGB.length];
}
