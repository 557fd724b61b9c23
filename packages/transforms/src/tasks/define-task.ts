import type {
  LabelKind,
  Labels,
  MakeOpts,
  ProxyTask,
  Rng,
  Shape3,
  VolumeArray,
  VolumeOpts,
} from '../api.js';
import { splitShape } from '../grid/grid.js';
import type { Workspace } from '../kernels/api.js';
import { checkOut, load, store } from '../kernels/load.js';

interface Definition<F> {
  name: string;
  opts: VolumeOpts;
  draw(rng: Rng, shape: readonly number[]): F;
  /** The labels for crops of this spatial shape. @defaultValue none */
  labelKinds?(shape: Shape3): Readonly<Record<string, LabelKind>>;
  /** How the input starts. @defaultValue 'copy' */
  start?: 'copy' | 'unset';
  /**
   * Turns `workspace.result` into the input and leaves the target in `workspace.original`, which
   * starts as the crop.
   */
  deform(workspace: Workspace, factors: F): Labels | undefined;
}

/** Makes a task from its draw and from what it does to a workspace. */
export function defineTask<F>(definition: Definition<F>): ProxyTask<F> {
  const { name, opts, draw, start = 'copy', deform } = definition;
  function apply(crop: VolumeArray, factors: F, { out }: MakeOpts = {}) {
    checkOut(crop, { out: out?.input });
    checkOut(crop, { out: out?.target });
    const workspace = load(crop, opts, start);
    const labels = deform(workspace, factors);
    const input = store(workspace, workspace.result, crop.shape, opts, out?.input);
    const target = store(workspace, workspace.original, crop.shape, opts, out?.target);
    return labels === undefined ? { input, target, factors } : { input, target, labels, factors };
  }
  return {
    name,
    labelKinds: (shape) =>
      definition.labelKinds?.(splitShape(shape, opts.channelAxis ?? 'last').shape) ?? {},
    draw,
    apply,
    make: (crop, rng, opts) => apply(crop, draw(rng, crop.shape), opts),
  };
}
