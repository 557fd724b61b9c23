import type { IndexBox, PhantomGrid } from './grid.js';

/** What part of each voxel a structure fills: the partial volume effect. */
export interface Mask {
  /** 0 … 1, x fastest, whole grid. */
  coverage: Float32Array;
  /** Everything outside is zero. */
  box: IndexBox;
}

export function createMask(grid: PhantomGrid): Mask {
  return { coverage: new Float32Array(grid.hu.length), box: emptyBox(grid) };
}

function emptyBox(grid: PhantomGrid): IndexBox {
  return { lo: [...grid.shape], hi: [0, 0, 0] };
}

/** Tells the mask that something may have been drawn in `box`. */
export function extendMask(mask: Mask, box: IndexBox): void {
  for (let d = 0; d < 3; d++) {
    mask.box.lo[d] = Math.min(mask.box.lo[d], box.lo[d]);
    mask.box.hi[d] = Math.max(mask.box.hi[d], box.hi[d]);
  }
}

/** HU of a tissue, the same everywhere or by position in mm. */
export type Tissue = number | ((x: number, y: number, z: number) => number);

/**
 * Mixes the tissue in where the mask covers, labels voxels that are covered by half or more (null keeps their label),
 * and empties the mask for its next use.
 */
export function paintMask(
  grid: PhantomGrid,
  mask: Mask,
  tissue: Tissue,
  label: number | null,
): void {
  const { coverage, box } = mask;
  const { shape, spacing, origin, hu, labels } = grid;
  for (let k = box.lo[2]; k < box.hi[2]; k++) {
    for (let j = box.lo[1]; j < box.hi[1]; j++) {
      const row = shape[0] * (j + shape[1] * k);
      for (let i = box.lo[0]; i < box.hi[0]; i++) {
        const c = coverage[row + i];
        if (c === 0) continue;
        coverage[row + i] = 0;
        const value =
          typeof tissue === 'number'
            ? tissue
            : tissue(
                origin[0] + i * spacing[0],
                origin[1] + j * spacing[1],
                origin[2] + k * spacing[2],
              );
        hu[row + i] = hu[row + i] + c * (value - hu[row + i]);
        if (label !== null && c >= 0.5) labels[row + i] = label;
      }
    }
  }
  mask.box = emptyBox(grid);
}
