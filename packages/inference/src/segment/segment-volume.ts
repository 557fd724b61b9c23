import { reorient, resampleLike, type Volume } from '@genesis/volume-io';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import ndarray, { type NdArray } from 'ndarray';
import type { SegmentationCard } from '../card/api.js';
import { applyNetwork } from '../model/apply-network.js';
import { prepareVolume } from '../preprocessing/prepare-volume.js';
import { slidingWindow } from '../window/sliding-window.js';

export interface SegmentOpts {
  /** Share of a window that its neighbour covers too. Default 0.5. */
  readonly overlap?: number;
  readonly onWindow?: (done: number, total: number) => void;
}

export interface Segmentation {
  /** Probability of each class, [nx, ny, nz, classes], C order, on the grid of `turned`. */
  readonly probabilities: NdArray<Float32Array>;
  /** The image in the orientation that the network works in, at its own voxel size. */
  readonly turned: Volume;
}

/**
 * Segments a volume of any size, orientation and voxel size with windows of the network's size, prepared as in training.
 * Windows go through the network one at a time, since batch statistics would otherwise make a window's result
 * depend on its neighbours.
 */
export async function segmentVolume(
  volume: Volume,
  model: LayersModel,
  card: SegmentationCard,
  opts: SegmentOpts = {},
): Promise<Segmentation> {
  const { preparation, crop } = card;
  const classes = card.classes.length;
  const prepared = prepareVolume(volume, preparation);
  const found = await slidingWindow(prepared.data, {
    window: crop,
    channels: classes,
    overlap: opts.overlap,
    onWindow: opts.onWindow,
    apply: async (window) => {
      const [output] = await applyNetwork(model, [window.data], [...crop, 1]);
      return output;
    },
  });
  const turned =
    preparation.orientation === 'native' ? volume : reorient(volume, preparation.orientation);
  const probabilities = preparation.spacing ? backToGrid(found, prepared, turned) : found;
  return { probabilities, turned };
}

/** Each class's probability resampled from the network's voxel size to that of the image. */
function backToGrid(
  found: NdArray<Float32Array>,
  prepared: Volume,
  turned: Volume,
): NdArray<Float32Array> {
  const classes = found.shape[3];
  const [nx, ny, nz] = turned.data.shape;
  const out = ndarray(new Float32Array(nx * ny * nz * classes), [nx, ny, nz, classes]);
  for (let c = 0; c < classes; c++) {
    const one: Volume<Float32Array> = {
      ...prepared,
      data: found.pick(null, null, null, c),
    };
    const back = resampleLike(one, turned, { fill: 'edge' }).data;
    let n = c;
    for (let i = 0; i < nx; i++) {
      for (let j = 0; j < ny; j++) {
        for (let k = 0; k < nz; k++, n += classes) out.data[n] = back.get(i, j, k);
      }
    }
  }
  return out;
}
