import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { GenesisBackend } from '../device/backend.js';
import type { Kernel } from '../device/kernel.js';
import { MOST_WORK } from '../device/backend.js';
import { type ConvShape, conv3dWidths, convDirect, type DirectTile } from '../wgsl/conv-direct.js';
import type { ConvGeometry } from './conv-geometry.js';
import { fillView } from './elementwise.js';
import { foldGroups, mostElements, partOf } from './ranges.js';
import { wholeView } from './run-pointwise.js';

type Triple = readonly [number, number, number];

const volume = ([d, h, w]: Triple): number => d * h * w;
const mapped = (f: (axis: number) => number): Triple => [f(0), f(1), f(2)];

/** Positions of one sub-lattice of the input's gradient: of the kernel's taps, and of the voxels. */
interface Lattice {
  readonly index: number;
  /** Sub-lattices that the launch covers, from `index` on. */
  readonly count: number;
  readonly taps: Triple;
  /** Voxels of the lattice along each axis. */
  readonly dims: Triple;
}

/** y = conv(x, w) + bias; w [taps, in, out]. */
export function runConv(
  backend: GenesisBackend,
  geometry: ConvGeometry,
  x: TensorInfo,
  w: TensorInfo,
  bias: TensorInfo | null,
  y: TensorInfo,
): void {
  const { input, output, inputs, outputs, size, strides, before } = geometry;
  const shape: ConvShape = {
    direction: 'forward',
    inner: inputs,
    outer: outputs,
    size,
    strides,
    before,
    taps: size,
    bias: bias !== null,
  };
  const lattice = { index: 0, count: 1, taps: size, dims: output };
  const reach = (from: number, to: number): [number, number] => [
    from * strides[0] - before[0],
    (to - 1) * strides[0] - before[0] + size[0],
  ];
  runLattice(backend, shape, geometry.batch, lattice, input, output, reach, x, w, bias, y);
}

/** dx from dy; turned [taps, out, in] is the filter with its channels exchanged. */
export function runConvInput(
  backend: GenesisBackend,
  geometry: ConvGeometry,
  dy: TensorInfo,
  turned: TensorInfo,
  dx: TensorInfo,
): void {
  const { batch, input, output, inputs, outputs, size, strides, before } = geometry;
  const lattices = latticesOf(geometry);
  // Voxels that no tap reaches get nothing.
  if (lattices.some(({ taps }) => taps.includes(0))) fillView(backend, wholeView(dx), dx.shape, 0);
  for (const lattice of lattices) {
    if (lattice.taps.includes(0) || lattice.dims.includes(0)) continue;
    const shape: ConvShape = {
      direction: 'input',
      inner: outputs,
      outer: inputs,
      size,
      strides,
      before,
      taps: lattice.taps,
      bias: false,
    };
    const r = Math.floor(lattice.index / (strides[1] * strides[2]));
    const first = Math.floor((r + before[0]) / strides[0]);
    const reach = (from: number, to: number): [number, number] => [
      from + first - (lattice.taps[0] - 1),
      to + first,
    ];
    runLattice(backend, shape, batch, lattice, output, input, reach, dy, turned, null, dx);
  }
}

/** The sub-lattices of the input, joined in one launch where they are alike. */
function latticesOf({ input, size, strides, before, batch, inputs }: ConvGeometry): Lattice[] {
  const lattices: Lattice[] = [];
  const count = volume(strides);
  for (let index = 0; index < count; index++) {
    const r = [
      Math.floor(index / (strides[1] * strides[2])),
      Math.floor(index / strides[2]) % strides[1],
      index % strides[2],
    ];
    lattices.push({
      index,
      count: 1,
      taps: mapped((i) => {
        const first = (r[i] + before[i]) % strides[i];
        return Math.max(0, Math.ceil((size[i] - first) / strides[i]));
      }),
      dims: mapped((i) => Math.max(0, Math.ceil((input[i] - r[i]) / strides[i]))),
    });
  }
  const [one] = lattices;
  const alike = lattices.every(
    ({ taps, dims }) => taps.join() === one.taps.join() && dims.join() === one.dims.join(),
  );
  const small = batch * volume(input) * inputs < 2 ** 24;
  return alike && small ? [{ ...one, count }] : lattices;
}

/** Tiles by the vectors of channels that there are. */
function directTile(vectors: number): DirectTile {
  const across = Math.min(8, 2 ** Math.ceil(Math.log2(Math.ceil(vectors / 2))));
  return { voxels: 8, columns: vectors > across ? 2 : 1, across, down: Math.max(4, 32 / across) };
}

/** Runs a kernel over the planes of the result, in parts where tensors are too large to be bound or the work is too long. */
function runLattice(
  backend: GenesisBackend,
  shape: ConvShape,
  batch: number,
  { index, count, taps, dims }: Lattice,
  source: Triple,
  target: Triple,
  reach: (from: number, to: number) => [number, number],
  x: TensorInfo,
  w: TensorInfo,
  bias: TensorInfo | null,
  y: TensorInfo,
): void {
  const { inner, outer, direction, strides } = shape;
  const { read, write } = conv3dWidths(shape);
  const vectors = outer / write;
  const tile = directTile(vectors);
  const blocks = Math.ceil(vectors / (tile.across * tile.columns));
  const sourcePlane = source[1] * source[2] * inner;
  const targetPlane = target[1] * target[2] * outer;
  const rowsOfPlane = dims[1] * dims[2];
  const workOfPlane = 2 * rowsOfPlane * inner * outer * volume(taps) * count;
  const name = direction === 'forward' ? 'convolution' : 'input gradient of a convolution';
  const key = `conv direct|${Object.values({ ...shape, ...tile }).join('|')}`;
  const { access } = partsOf(key, shape, tile);
  const kernel: Kernel = { name, key, access, code: () => partsOf(key, shape, tile).code };
  /** First and last plane that a range of the lattice's planes touches, of the source and of the target. */
  const touched = (from: number, to: number): { source: [number, number]; target: [number, number] } => {
    const [n0, a0] = [Math.floor(from / dims[0]), from % dims[0]];
    const [n1, a1] = [Math.floor((to - 1) / dims[0]), (to - 1) % dims[0]];
    const clamp = (plane: number): number => Math.min(source[0], Math.max(0, plane));
    const low = clamp(reach(a0, a0 + 1)[0]);
    const high = clamp(reach(a1, a1 + 1)[1]);
    const step = direction === 'input' ? strides[0] : 1;
    const begin = n0 * source[0] + Math.min(low, source[0] - 1);
    return {
      source: [begin, Math.max(begin + 1, n1 * source[0] + high)],
      target: [n0 * target[0] + a0 * step, Math.min(batch * target[0], n1 * target[0] + a1 * step + step)],
    };
  };
  const most = mostElements(backend);
  const fitting = (from: number, to: number): boolean => {
    const planes = touched(from, to);
    return (
      (planes.source[1] - planes.source[0]) * sourcePlane <= most &&
      (planes.target[1] - planes.target[0]) * targetPlane <= most
    );
  };
  const planes = batch * dims[0];
  const longest = Math.max(1, Math.floor(MOST_WORK / Math.max(1, workOfPlane)));
  for (let from = 0; from < planes; ) {
    let to = Math.min(planes, from + longest);
    while (to > from + 1 && !fitting(from, to)) to = from + Math.ceil((to - from) / 2);
    const { source: s, target: t } = touched(from, to);
    const sourcePart = partOf(backend, x, s[0] * sourcePlane, (s[1] - s[0]) * sourcePlane);
    const targetPart = partOf(backend, y, t[0] * targetPlane, (t[1] - t[0]) * targetPlane);
    const rows = (to - from) * rowsOfPlane;
    const [gx, gy] = foldGroups(backend, Math.ceil(rows / (tile.down * tile.voxels)));
    backend.launch({
      kernel,
      buffers: [
        sourcePart.range,
        backend.whole(w),
        ...(bias ? [backend.whole(bias)] : []),
        targetPart.range,
      ],
      params: [
        ...[rows, from, index],
        // What is subtracted from places in the whole tensor.
        (s[0] * sourcePlane - sourcePart.base) / read,
        (t[0] * targetPlane - targetPart.base) / write,
        ...[...source, ...target, ...dims],
      ],
      groups: [gx, gy, blocks * count],
      work: (to - from) * workOfPlane,
    });
    from = to;
  }
}

const PARTS = new Map<string, { code: string; access: string }>();

function partsOf(key: string, shape: ConvShape, tile: DirectTile): { code: string; access: string } {
  const known = PARTS.get(key);
  if (known) return known;
  const made = convDirect(shape, tile);
  PARTS.set(key, made);
  return made;
}
