import {
  inputChannels,
  intensitySchemes,
  labelType,
  type ModelCard,
  type SchemeName,
  sideMultiple,
} from '@genesis/inference';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** How the intensities of a channel are brought to what the network knows; computed over the resampled volume. */
export type PlainScheme =
  /** `min`…`max` become 0…1, what lies outside is clipped. */
  | { readonly kind: 'window'; readonly min: number; readonly max: number }
  /** The same between two percentiles of the volume (0…100, linear between values). */
  | { readonly kind: 'percentile'; readonly low: number; readonly high: number }
  /** Mean 0, standard deviation (of the population) 1. */
  | { readonly kind: 'zscore' };

/** CT, by what the file says or by values as of air (the least at most −200, the greatest below 100000), or something else. */
export interface AutoScheme {
  readonly kind: 'auto';
  readonly hounsfield: PlainScheme;
  readonly other: PlainScheme;
}

/** A side of the network. Arrays are channels first, and voxels along x, y, z as the volume has them after turning. */
export interface DescribedTensor {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

/** What is to be known to use exported weights elsewhere: `genesis.json` beside them, and in the metadata of an ONNX file. */
export interface ExportDescription {
  readonly format: 'genesis-export-1';
  readonly kind: string;
  /** The file of the weights. */
  readonly weights: string;
  readonly inputs: readonly DescribedTensor[];
  readonly outputs: readonly DescribedTensor[];
  /** Sides of the input must be multiples of this; `inference.window` is what it was trained with. */
  readonly multiple: number;
  /** What is done to a volume before the network sees it, in this order. */
  readonly preprocessing: {
    /** NaN and infinities count as 0, or a volume with such is refused. */
    readonly nonFinite: 'zero' | 'error';
    /** Axes that the volume is turned to, such as RAS; 'native': as they are. */
    readonly orientation: string;
    /**
     * mm, null: as it is. Outer corners stay; the shape is the extent over the spacing, rounded; linear interpolation. Along an axis
     * whose voxels become k > 1 times as long a discrete Gaussian of (k² − 1) / (8 ln 2) voxels² goes before.
     */
    readonly spacing: readonly number[] | null;
    /** For each channel. */
    readonly intensities: readonly ((PlainScheme | AutoScheme) & { readonly channel?: string })[];
  };
  /** How a volume is covered: windows evenly spread, their outputs averaged with Gaussian weights; smaller volumes are extended by 0. */
  readonly inference: {
    readonly window: readonly number[];
    readonly overlap: number;
    /** Voxels from window to window, at most. */
    readonly stride: readonly number[];
    /** Standard deviation of the weights in voxels; they are 1 in the middle. */
    readonly sigma: readonly number[];
    /** The least weight. */
    readonly least: number;
  };
  /** What becomes of the outputs. */
  readonly postprocessing: {
    /**
     * Segmentation: classes in the order of the output's channels. Probabilities are resampled to the image's grid before the greatest is
     * taken.
     */
    readonly labels?: readonly { readonly value: number; readonly name: string }[];
    /** Segmentation: the type of voxels that holds the labels. */
    readonly dtype?: 'uint8' | 'int16' | 'int32';
    /** Classification: classes in the order of the output. */
    readonly classes?: readonly { readonly value: string; readonly name: string }[];
    /** Classification: how a volume is brought to the window: its middle cut out or extended, or the whole resized. */
    readonly fit?: 'center' | 'resize';
  };
  /** The model card as Genesis keeps it. */
  readonly card: ModelCard;
}

/** Share of a window that its neighbour covers, unless `predict` is told otherwise. */
export const OVERLAP = 0.5;

/**
 * Says of a model what using it elsewhere needs.
 *
 * @param weights - The name of its file.
 */
export function describeModel(
  card: ModelCard,
  model: LayersModel,
  weights: string,
): ExportDescription {
  const { crop, preparation, network } = card;
  const channels = preparation.channels ?? [{ normalization: preparation.normalization }];
  return {
    format: 'genesis-export-1',
    kind: card.kind,
    weights,
    inputs: [{ name: 'input', shape: ['batch', inputChannels(preparation), 'x', 'y', 'z'] }],
    outputs: model.outputs.map(({ shape }, n) => ({
      name: n === 0 ? 'output' : model.outputNames[n],
      shape: ['batch', shape.at(-1) ?? 'values', ...(shape.length === 5 ? ['x', 'y', 'z'] : [])],
    })),
    multiple: sideMultiple(network.levels),
    preprocessing: {
      nonFinite: preparation.nonFinite,
      orientation: preparation.orientation,
      spacing: preparation.spacing ?? null,
      intensities: channels.map((one) => ({
        channel: 'name' in one ? one.name : undefined,
        ...describeScheme(one.normalization),
      })),
    },
    inference: {
      window: crop,
      overlap: OVERLAP,
      stride: crop.map((side) => Math.max(1, Math.floor(side * (1 - OVERLAP)))),
      sigma: crop.map((side) => side / 8),
      least: 1e-3,
    },
    postprocessing: postprocessingOf(card),
    card,
  };
}

/** A way to normalize as plain numbers. */
export function describeScheme(name: SchemeName): PlainScheme | AutoScheme {
  if (name !== 'auto') return plainScheme(name);
  return { kind: 'auto', hounsfield: plainScheme('ct'), other: plainScheme('percentile') };
}

function plainScheme(name: Exclude<SchemeName, 'auto'>): PlainScheme {
  const { ct, mr, percentile } = intensitySchemes;
  switch (name) {
    case 'ct':
      return { kind: 'window', min: ct.min, max: ct.max };
    case 'mr':
      return { kind: 'window', min: 0, max: mr.max };
    case 'percentile':
      return { kind: 'percentile', low: percentile.low, high: percentile.high };
    case 'zscore':
      return { kind: 'zscore' };
  }
}

function postprocessingOf(card: ModelCard): ExportDescription['postprocessing'] {
  if (card.kind === 'segmentation') {
    return { labels: card.classes, dtype: labelType(card.classes) };
  }
  return card.kind === 'classification' ? { classes: card.classes, fit: card.fit } : {};
}
