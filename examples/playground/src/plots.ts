import { type BezierCurve, bezierIntensity, type VolumeArray } from '@genesis/transforms';
import ndarray from 'ndarray';

const ACCENT = '#4fc3d9';
const WARM = '#f2a65a';

function clear(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.strokeStyle = '#263040';
  context.lineWidth = 1;
  for (let i = 0; i <= 4; i++) {
    const x = 0.5 + ((canvas.width - 1) * i) / 4;
    const y = 0.5 + ((canvas.height - 1) * i) / 4;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, canvas.height);
    context.moveTo(0, y);
    context.lineTo(canvas.width, y);
    context.stroke();
  }
  return context;
}

/** The intensity map and the control points of its curve. */
export function drawCurve(canvas: HTMLCanvasElement, curve: BezierCurve | undefined): void {
  const context = clear(canvas);
  const { width: w, height: h } = canvas;
  const ramp = ndarray(
    Float32Array.from({ length: w }, (_, i) => i / (w - 1)),
    [1, 1, w],
  );
  const { data } = bezierIntensity().apply(ramp, { curves: curve ? [curve] : [] });
  context.lineWidth = 3;
  context.strokeStyle = WARM;
  context.beginPath();
  data.forEach((y, x) => {
    context.lineTo(x, h - 2 - y * (h - 4));
  });
  context.stroke();
  if (curve === undefined) return;
  const [x1, y1, x2, y2] = curve.points;
  context.strokeStyle = `${ACCENT}88`;
  context.fillStyle = ACCENT;
  context.lineWidth = 1.5;
  for (const [x, y, endX, endY] of [
    [x1, y1, 0, 0],
    [x2, y2, 1, 1],
  ]) {
    context.beginPath();
    context.moveTo(endX * w, h - endY * h);
    context.lineTo(x * w, h - y * h);
    context.stroke();
    context.beginPath();
    context.arc(x * w, h - y * h, 7, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Voxels by intensity, of both volumes, on a logarithmic axis. */
export function drawHistogram(
  canvas: HTMLCanvasElement,
  original: VolumeArray,
  deformed: VolumeArray,
): void {
  const context = clear(canvas);
  const { width: w, height: h } = canvas;
  const counts = [original, deformed].map(({ data }) => {
    const bins = new Array<number>(96).fill(0);
    for (const v of data) bins[Math.min(Math.floor(v * 96), 95)]++;
    return bins.map((n) => Math.log1p(n));
  });
  const top = Math.max(...counts.flat()) * 1.04;
  for (const [i, color] of [ACCENT, WARM].entries()) {
    context.beginPath();
    context.moveTo(0, h);
    counts[i].forEach((n, bin) => {
      context.lineTo(((bin + 0.5) * w) / 96, h - (h * n) / top);
    });
    context.lineTo(w, h);
    context.fillStyle = `${color}33`;
    context.fill();
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.stroke();
  }
}

/** Lets the two control points be dragged. */
export function dragPoints(
  canvas: HTMLCanvasElement,
  points: () => readonly number[] | undefined,
  moved: (which: 0 | 1, x: number, y: number) => void,
): void {
  let held: 0 | 1 | null = null;
  const place = (event: PointerEvent): [number, number] => {
    const box = canvas.getBoundingClientRect();
    const inside = (v: number): number => Math.min(Math.max(v, 0), 1);
    return [
      inside((event.clientX - box.left) / box.width),
      inside(1 - (event.clientY - box.top) / box.height),
    ];
  };
  canvas.addEventListener('pointerdown', (event) => {
    const at = points();
    if (at === undefined) return;
    const [x, y] = place(event);
    held = Math.hypot(x - at[0], y - at[1]) <= Math.hypot(x - at[2], y - at[3]) ? 0 : 1;
    canvas.setPointerCapture(event.pointerId);
    moved(held, x, y);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (held !== null) moved(held, ...place(event));
  });
  canvas.addEventListener('pointerup', () => {
    held = null;
  });
}
