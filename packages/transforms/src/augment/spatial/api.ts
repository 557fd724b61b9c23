import type { Shape3 } from '../../api.js';
import type { ChannelOpts, Range } from '../api.js';
import type { Elastic } from './elastic.js';
import type { Border } from './window.js';

/** A range for all axes, or one for each of x, y, z. */
export type AxisRanges = Range | readonly [Range, Range, Range];

/** Turns about the crop's middle. */
export interface SpatialRotation {
  /** Probability. @defaultValue 1 */
  rate?: number;
  /** Angle about each axis in radians. @defaultValue [-π/6, π/6] */
  angle?: AxisRanges;
  /** Probability of each axis, when there is a turn. @defaultValue 1 */
  axisRate?: number;
}

/** Enlarges or reduces what the crop shows. */
export interface SpatialScaling {
  /** Probability. @defaultValue 1 */
  rate?: number;
  /** How many voxels of the source a voxel of the crop covers: above 1 things become smaller. @defaultValue [0.7, 1.4] */
  factor?: AxisRanges;
  /** Probability that all axes have one factor. @defaultValue 1 */
  alikeRate?: number;
}

/** Moves the crop. */
export interface SpatialTranslation {
  /** Probability. @defaultValue 1 */
  rate?: number;
  /** Voxels of the source along each axis. @defaultValue [-5, 5] */
  voxels?: AxisRanges;
}

/** Slants the crop. */
export interface SpatialShear {
  /** Probability. @defaultValue 1 */
  rate?: number;
  /** How far an axis moves for each voxel along another: of x along y, x along z, y along z. @defaultValue [-0.1, 0.1] */
  amount?: AxisRanges;
}

/** Bends the crop by a cubic B-spline with random control points. */
export interface SpatialElastic {
  /** Probability. @defaultValue 1 */
  rate?: number;
  /** Control points along each axis, 4 or more. @defaultValue 7 */
  controlPoints?: number | Shape3;
  /** Largest displacement of a control point along each axis, in voxels of the crop. @defaultValue 7.5 */
  displacement?: number | Shape3;
  /** So many layers of control points at the border stay where they are: the outermost lie outside of the crop. @defaultValue 2 */
  locked?: 0 | 1 | 2;
}

/** Options of `spatial`. What is left out does not happen. */
export interface SpatialOpts extends ChannelOpts {
  /** Shape of the crop in voxels. @defaultValue the image's shape */
  patch?: Shape3;
  /**
   * Where the crop's middle is: in the image's middle, or anywhere at least `margin` voxels from the border (in the middle of
   * an axis that is too short for that). @defaultValue 'center'
   */
  place?: 'center' | 'random';
  /** @defaultValue half of the crop, so that it lies within the image */
  margin?: number | Shape3;
  rotation?: SpatialRotation;
  scaling?: SpatialScaling;
  translation?: SpatialTranslation;
  shear?: SpatialShear;
  elastic?: SpatialElastic;
  /**
   * An axis that is left alone, across which nothing is resampled: for volumes whose slices are thick. Turns are about this
   * axis, all else happens within the planes. @defaultValue none
   */
  acrossAxis?: 0 | 1 | 2;
  /** Voxels of the image: 0 the nearest, 1 linear, 3 a cubic B-spline. @defaultValue 1 */
  order?: 0 | 1 | 3;
  /** Labels: the one with the largest linear part, or that of the nearest voxel. @defaultValue 'majority' */
  labels?: 'majority' | 'nearest';
  /**
   * What is beyond the image: `fill`; the voxel at the border; or the image mirrored at the border, which is repeated.
   * @defaultValue 'constant'
   */
  border?: Border;
  /** Beyond the image when the border is constant; `minimum` of each channel. @defaultValue 0 */
  fill?: number | 'minimum';
  /** The label beyond the image when the border is constant. @defaultValue 0 */
  labelFill?: number;
}

/** What was drawn; with nothing but a place, whole voxels are cut out, and nothing is interpolated. */
export interface SpatialFactors {
  /** Of the crop. */
  shape: Shape3;
  /** Where the crop's middle is in the source, in voxels whose centers are whole numbers, before translation. */
  center: Shape3;
  /** Radians, about x, then y, then z. */
  angles: Shape3;
  /** Voxels of the source that a voxel of the crop covers. */
  scales: Shape3;
  /** Of x along y, x along z, y along z. */
  shears: Shape3;
  /** Voxels of the source. */
  translation: Shape3;
  elastic: Elastic | null;
}
