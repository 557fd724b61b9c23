import {
  type ReadonlyVec3,
  type ResampleOpts,
  reorient,
  resampleToSpacing,
  straighten,
  type Volume,
} from '@genesis/volume-io';
import { isLabelMap } from './label-values.js';

/** What is changed about a volume; nothing by default. */
export interface ChangeVolumeOpts {
  /** Resample a scan with a tilted gantry, or of another shear, to axes at right angles. Default false. */
  readonly straighten?: boolean;
  /** Turn the axes, e.g. 'RAS', without resampling. */
  readonly orientation?: string;
  /** Resample to this voxel size in mm. */
  readonly spacing?: ReadonlyVec3;
  /**
   * How voxels are resampled: 'nearest' keeps the values of a label map. Default 'auto': 'nearest' for what looks like a label map, else
   * 'linear'.
   */
  readonly interpolation?: 'auto' | 'linear' | 'nearest';
}

/** The volume straightened, turned and resampled, in this order. */
export function changeVolume(volume: Volume, opts: ChangeVolumeOpts): Volume {
  const { orientation, spacing, interpolation: wanted = 'auto' } = opts;
  const resamples = opts.straighten || spacing !== undefined;
  const isLabels = resamples && wanted !== 'linear' && isLabelMap(volume);
  const interpolation = wanted !== 'auto' ? wanted : isLabels ? 'nearest' : 'linear';
  let changed = volume;
  if (opts.straighten) {
    // Where a label map ends there is no label; its lowest value may be that of voxels to be ignored.
    const how: ResampleOpts = isLabels ? { interpolation, fill: 0 } : { interpolation };
    changed = straighten(changed, how);
  }
  if (orientation !== undefined) changed = reorient(changed, orientation);
  if (spacing !== undefined) changed = resampleToSpacing(changed, spacing, { interpolation });
  return changed;
}
