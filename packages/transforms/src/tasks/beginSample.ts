import type { MakeOpts, VolumeArray, VolumeOpts } from '../api.js';
import type { Workspace } from '../kernels/api.js';
import { checkOut, load, store } from '../kernels/load.js';

export interface BegunSample {
  /** With the crop in `original`, which is to become the target; the input goes to `result`. */
  workspace: Workspace;
  /** Copies both out. */
  finish(): { input: VolumeArray; target: VolumeArray };
}

/** Checks a crop and loads it into the workspace. */
export function beginSample(crop: VolumeArray, opts: VolumeOpts, make?: MakeOpts): BegunSample {
  const { input, target } = make?.out ?? {};
  checkOut(crop, { out: input });
  checkOut(crop, { out: target });
  const workspace = load(crop, opts);
  return {
    workspace,
    finish: () => ({
      input: store(workspace, workspace.result, crop.shape, opts, input),
      target: store(workspace, workspace.original, crop.shape, opts, target),
    }),
  };
}
