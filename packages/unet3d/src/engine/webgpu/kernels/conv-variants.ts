import type { GenesisBackend } from '../device/backend.js';
import { type ConvShape, conv3dWidths, convDirect, type DirectTile } from '../wgsl/conv-direct.js';
import {
  convTiled,
  type TiledTile,
  tiledMemory,
  tiledTakes,
  tiledThreads,
} from '../wgsl/conv-tiled.js';

/** One way to compute a convolution. */
export type ConvVariant =
  | { readonly kind: 'direct'; readonly tile: DirectTile }
  | { readonly kind: 'tiled'; readonly tile: TiledTile };

/** Tiles for graphics cards, the one to start with first. */
const TILES: readonly TiledTile[] = [
  { rows: 64, channels: 64, depth: 16, voxels: 4, columns: 2 },
  { rows: 128, channels: 64, depth: 16, voxels: 8, columns: 2 },
  { rows: 64, channels: 32, depth: 16, voxels: 4, columns: 2 },
  { rows: 128, channels: 128, depth: 16, voxels: 8, columns: 2 },
];
/** Fewer channels than this leave most of a tile empty. */
const FEW_CHANNELS = 16;

/** Floating-point operations below which a small tile does: it compiles sooner and keeps more threads busy. */
const LITTLE_WORK = 2e7;

/** Tiles of the direct variant by the vectors of channels that there are. */
function directTile(vectors: number, small: boolean): DirectTile {
  const across = Math.min(8, 2 ** Math.ceil(Math.log2(Math.ceil(vectors / 2))));
  const down = Math.max(4, 32 / across);
  if (small) return { voxels: 2, columns: 1, across, down };
  return { voxels: 8, columns: vectors > across ? 2 : 1, across, down };
}

/**
 * The variants that can compute a convolution on a device, the one to take unmeasured first.
 *
 * @param work - Floating-point operations, roughly.
 */
export function convVariants(
  { device, software }: GenesisBackend,
  shape: ConvShape,
  work: number,
): ConvVariant[] {
  const { limits } = device;
  const vectors = shape.outer / conv3dWidths(shape).write;
  const direct = [false, true].map(
    (small): ConvVariant => ({ kind: 'direct', tile: directTile(vectors, small) }),
  );
  const tiled = TILES.filter(
    (tile) =>
      tiledTakes(shape) &&
      Math.min(shape.inner, shape.outer) >= FEW_CHANNELS &&
      tiledThreads(tile) <= limits.maxComputeInvocationsPerWorkgroup &&
      tiledMemory(tile) <= limits.maxComputeWorkgroupStorageSize,
  ).map((tile): ConvVariant => ({ kind: 'tiled', tile }));
  if (work < LITTLE_WORK) return [...direct.reverse(), ...tiled];
  // Processors have caches but no fast workgroup memory: measured, the order is the reverse there.
  return software ? [...direct, ...tiled] : [...tiled, ...direct];
}

/** What a choice between variants depends on: the convolution, and the number of its voxels to a power of two. */
export function convKey(shape: ConvShape, voxels: number): string {
  const { direction, inner, outer, size, strides, taps } = shape;
  const rows = 2 ** Math.round(Math.log2(voxels));
  return `${direction} ${inner}>${outer} ${size.join('x')} by ${strides.join('x')}, ${taps.join('x')} taps, ${rows} voxels`;
}

/** Equal for variants that compute alike. */
export function variantName({ kind, tile }: ConvVariant): string {
  return `${kind} ${Object.values(tile).join('x')}`;
}

/** Voxels and vectors of channels of a workgroup. */
export function groupOf({ kind, tile }: ConvVariant): { rows: number; vectors: number } {
  return kind === 'direct'
    ? { rows: tile.down * tile.voxels, vectors: tile.across * tile.columns }
    : { rows: tile.rows, vectors: tile.channels / 4 };
}

/** The code of a variant. */
export function convCode(shape: ConvShape, { kind, tile }: ConvVariant): string {
  return (kind === 'direct' ? convDirect(shape, tile) : convTiled(shape, tile)).code;
}
