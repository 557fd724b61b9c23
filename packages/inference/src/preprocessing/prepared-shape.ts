import { affineAxes, type Vec3, type VolumeHeader } from '@genesis/volume-io';
import type { Preparation } from './prepare-volume.js';

/** The shape that a volume will have after preparation, from its header alone. */
export function preparedShape(
  header: VolumeHeader,
  preparation: Pick<Preparation, 'orientation' | 'spacing'>,
): Vec3 {
  const { shape, spacing } = turned(header, preparation.orientation);
  const target = preparation.spacing;
  if (!target) return shape;
  return shape.map((side, n) => Math.max(1, Math.round((side * spacing[n]) / target[n]))) as Vec3;
}

/** The sides of a voxel in mm that a volume will have after preparation, from its header alone. */
export function preparedSpacing(
  header: VolumeHeader,
  preparation: Pick<Preparation, 'orientation' | 'spacing'>,
): Vec3 {
  const [x, y, z] = preparation.spacing ?? turned(header, preparation.orientation).spacing;
  return [x, y, z];
}

/** Shape and spacing along the axes that a volume is turned to. */
function turned(
  { shape, spacing, affine }: VolumeHeader,
  orientation: string,
): { readonly shape: Vec3; readonly spacing: Vec3 } {
  if (orientation === 'native') return { shape, spacing };
  const { axis } = affineAxes(affine);
  const order = [...orientation].map((letter) => axis.indexOf(worldAxis(letter)));
  const along = (values: Vec3): Vec3 => order.map((source) => values[source]) as Vec3;
  return { shape: along(shape), spacing: along(spacing) };
}

function worldAxis(letter: string): number {
  return 'LR'.includes(letter) ? 0 : 'PA'.includes(letter) ? 1 : 2;
}
