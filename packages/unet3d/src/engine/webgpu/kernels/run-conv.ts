import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type GenesisBackend, MOST_WORK } from '../device/backend.js';
import type { Trial } from '../device/choices.js';
import type { Kernel } from '../device/kernel.js';
import { noise } from '../noise.js';
import { type ConvShape, conv3dWidths } from '../wgsl/conv-direct.js';
import type { ConvGeometry } from './conv-geometry.js';
import {
  type ConvVariant,
  convCode,
  convKey,
  convVariants,
  groupOf,
  variantName,
} from './conv-variants.js';
import { fillView } from './elementwise.js';
import { foldGroups, mostElements, partOf, planeRuns } from './ranges.js';
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
  const job = { shape, batch: geometry.batch, lattice, source: input, target: output, reach };
  runChosen(backend, job, { x, w, bias, y });
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
    const last = lattice.count > 1 ? Math.floor((strides[0] - 1 + before[0]) / strides[0]) : first;
    const reach = (from: number, to: number): [number, number] => [
      from + first - (lattice.taps[0] - 1),
      to + last,
    ];
    const job = { shape, batch, lattice, source: output, target: input, reach };
    runChosen(backend, job, { x: dy, w: turned, bias: null, y: dx });
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

/** One convolution over one lattice. */
interface Job {
  readonly shape: ConvShape;
  readonly batch: number;
  readonly lattice: Lattice;
  /** Spatial size of what is read and of what is written. */
  readonly source: Triple;
  readonly target: Triple;
  /** Planes of a sample of the source that planes of the lattice need: first, and last but one. */
  readonly reach: (from: number, to: number) => [number, number];
}

interface Tensors {
  readonly x: TensorInfo;
  readonly w: TensorInfo;
  readonly bias: TensorInfo | null;
  readonly y: TensorInfo;
}

/** Runs the variant that is chosen for a job, and leaves word how the others can be tried. */
function runChosen(backend: GenesisBackend, job: Job, tensors: Tensors): void {
  const { shape, batch, lattice } = job;
  const key = convKey(shape, batch * volume(lattice.dims));
  const planes = batch * lattice.dims[0];
  const variants = convVariants(backend, shape, planes * workOfPlane(job));
  const variant = backend.choices.of(key, variants, variantName);
  runJob(backend, job, tensors, variant, planes);
  backend.choices.note(key, variants.map(variantName), () => trialOf(backend, job, variants));
}

/** Floating-point operations of a trial at most. */
const TRIAL_WORK = 4e9;

/** A part of a job on numbers of its own. */
function trialOf(backend: GenesisBackend, job: Job, variants: readonly ConvVariant[]): Trial {
  const { shape, lattice, source, target } = job;
  const { inner, outer, size } = shape;
  const tensors: Tensors = {
    x: noiseTensor(backend, [1, ...source, inner]),
    w: noiseTensor(backend, [...size, inner, outer]),
    bias: shape.bias ? noiseTensor(backend, [outer]) : null,
    y: backend.output([1, ...target, outer]),
  };
  const one = { ...job, batch: 1 };
  const planes = Math.min(lattice.dims[0], Math.max(1, Math.floor(TRIAL_WORK / workOfPlane(one))));
  return {
    result: tensors.y,
    clear() {
      fillView(backend, wholeView(tensors.y), tensors.y.shape, 0);
    },
    run(name) {
      const variant = variants.find((each) => variantName(each) === name);
      if (variant) runJob(backend, one, tensors, variant, planes);
    },
    dispose() {
      for (const tensor of Object.values(tensors)) if (tensor) backend.disposeData(tensor.dataId);
    },
  };
}

function noiseTensor(backend: GenesisBackend, shape: number[]): TensorInfo {
  return backend.makeTensorInfo(shape, 'float32', noise(util.sizeFromShape(shape), 1));
}

function workOfPlane({ shape: { inner, outer }, lattice: { dims, taps, count } }: Job): number {
  return 2 * dims[1] * dims[2] * inner * outer * volume(taps) * count;
}

/** Runs a kernel over planes of the result, in parts where tensors are too large to be bound or the work is too long. */
function runJob(
  backend: GenesisBackend,
  job: Job,
  { x, w, bias, y }: Tensors,
  variant: ConvVariant,
  planes: number,
): void {
  const { shape, batch, source, target, reach } = job;
  const { index, count, dims } = job.lattice;
  const { inner, outer, direction, strides } = shape;
  const { read, write } = conv3dWidths(shape);
  const group = groupOf(variant);
  const blocks = Math.ceil(outer / write / group.vectors);
  const sourcePlane = source[1] * source[2] * inner;
  const targetPlane = target[1] * target[2] * outer;
  const rowsOfPlane = dims[1] * dims[2];
  const work = workOfPlane(job);
  const name = direction === 'forward' ? 'convolution' : 'input gradient of a convolution';
  const kernel: Kernel = {
    name,
    key: `convolution|${Object.values(shape).join('|')}|${variantName(variant)}`,
    access: shape.bias ? 'rrrw' : 'rrw',
    code: () => convCode(shape, variant),
  };
  /** First and last plane that a range of the lattice's planes touches, of the source and of the target. */
  const touched = (
    from: number,
    to: number,
  ): { source: [number, number]; target: [number, number] } => {
    const [n0, a0] = [Math.floor(from / dims[0]), from % dims[0]];
    const [n1, a1] = [Math.floor((to - 1) / dims[0]), (to - 1) % dims[0]];
    const clamp = (plane: number): number => Math.min(source[0], Math.max(0, plane));
    const low = clamp(reach(a0, a0 + 1)[0]);
    const high = clamp(reach(a1, a1 + 1)[1]);
    const step = direction === 'input' ? strides[0] : 1;
    const begin = n0 * source[0] + Math.min(low, source[0] - 1);
    return {
      source: [begin, Math.max(begin + 1, n1 * source[0] + high)],
      target: [
        n0 * target[0] + a0 * step,
        Math.min(batch * target[0], n1 * target[0] + a1 * step + step),
      ],
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
  const longest = Math.max(1, Math.floor(MOST_WORK / Math.max(1, work)));
  for (const { from, to } of planeRuns(planes, longest, fitting)) {
    const { source: s, target: t } = touched(from, to);
    const sourcePart = partOf(backend, x, s[0] * sourcePlane, (s[1] - s[0]) * sourcePlane);
    const targetPart = partOf(backend, y, t[0] * targetPlane, (t[1] - t[0]) * targetPlane);
    const rows = (to - from) * rowsOfPlane;
    const [gx, gy] = foldGroups(backend, Math.ceil(rows / group.rows));
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
      work: (to - from) * work,
    });
  }
}
