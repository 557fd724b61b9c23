import { affineAxes, type Vec3, type VolumeHeader } from '@genesis/volume-io';
import type { Preparation } from './prepare-volume.js';

/** The shape that a volume will have after preparation, from its header alone. */
export function preparedShape(
  header: VolumeHeader,
  preparation: Pick<Preparation, 'orientation' | 'spacing'>,
): Vec3 {
  let { shape, spacing } = header;
  if (preparation.orientation !== 'native') {
    const { axis } = affineAxes(header.affine);
    const wanted = [...preparation.orientation].map((letter) => worldAxis(letter));
    const order = wanted.map((world) => axis.indexOf(world));
    shape = order.map((source) => header.shape[source]) as Vec3;
    spacing = order.map((source) => header.spacing[source]) as Vec3;
  }
  const target = preparation.spacing;
  if (!target) return shape;
  return shape.map((side, n) => Math.max(1, Math.round((side * spacing[n]) / target[n]))) as Vec3;
}

function worldAxis(letter: string): number {
  return 'LR'.includes(letter) ? 0 : 'PA'.includes(letter) ? 1 : 2;
}
