// The layers of the repository, lowest first. A package may know those of earlier rows, as far as its package.json names them.

/** Packages by layer, without their scope. */
export const LAYERS = [
  ['core'],
  ['volume-io', 'transforms', 'zoo', 'tfjs-backend-native', 'mpi'],
  ['unet3d'],
  ['inference'],
  ['trainer'],
];

/** Where tensors appear; the currency between the other packages is ndarray. */
export const WITH_TENSORS = ['tfjs-backend-native', 'unet3d', 'inference', 'trainer'];

/** The row of a package, -1 for one that is no package of the design. */
export function layerOf(name) {
  return LAYERS.findIndex((row) => row.includes(name));
}
