import type { Dataset, DatasetItem } from '../dataset.js';

/**
 * How a dataset lies on disk. 'folders': images in one folder, labels of the same names in another; 'case-folders': a folder for
 * each case (KiTS, BraTS, TotalSegmentator); 'nnunet': dataset.json, `_0000` for channels; 'decathlon': the dataset.json of the
 * Medical Segmentation Decathlon; 'monai': a datalist of MONAI; 'bids': BIDS with derivatives; 'csv': a table of paths.
 */
export type LayoutName =
  | 'folders'
  | 'case-folders'
  | 'nnunet'
  | 'decathlon'
  | 'monai'
  | 'bids'
  | 'csv';

/** All of them. */
export const layoutNames = [
  'folders',
  'case-folders',
  'nnunet',
  'decathlon',
  'monai',
  'bids',
  'csv',
] as const satisfies readonly LayoutName[];

/** A volume by its place. */
export interface VolumeRef {
  /** A file, or the folder of a DICOM series. */
  readonly path: string;
  /** Which volume of a 4-D file. */
  readonly volumeIndex?: number;
}

/** Where the labels of a case are: a label map, or a mask for each class. */
export interface LabelRef extends VolumeRef {
  /** The masks by the names of their classes; `path` is then their folder or one of them. */
  readonly masks?: readonly { readonly name: string; readonly path: string }[];
}

/** A case as a dataset describes it. */
export interface DescribedCase {
  /** Unique in the dataset. */
  readonly name: string;
  /** Cases of one patient stay on one side of a split. */
  readonly patient?: string;
  /** In the order of the channels; undefined for one that the case lacks. */
  readonly images: readonly (VolumeRef | undefined)[];
  readonly label?: LabelRef;
  /** On which side the dataset itself puts it. */
  readonly split?: CaseSplit;
  /** In which fold it is validated, where the dataset says so. */
  readonly fold?: number;
}

/** A side of a split. */
export type CaseSplit = 'train' | 'validation' | 'test';

/** A class that a dataset names. */
export interface DescribedClass {
  readonly name: string;
  /** Its value in label maps; several for a region that is made of several labels. */
  readonly values: readonly number[];
}

/** What a dataset says about itself. Nothing has been opened yet but what describes it. */
export interface DatasetDescription {
  readonly layout: LayoutName;
  /** Names of the channels, at least one. */
  readonly channels: readonly string[];
  /** Left out where the dataset names none. */
  readonly classes?: readonly DescribedClass[];
  /** The label of voxels that do not count. */
  readonly ignoreLabel?: number;
  readonly cases: readonly DescribedCase[];
}

/** A case of a dataset, with what its headers say. */
export interface DatasetCase {
  /** Its image; of several channels, see DatasetItem. */
  readonly image: DatasetItem;
  readonly label?: DatasetItem;
  readonly patient?: string;
  /** On which side the dataset itself puts it. */
  readonly split?: CaseSplit;
  /** In which fold the dataset validates it. */
  readonly fold?: number;
}

/** A dataset as it was understood. */
export interface FoundDataset {
  readonly layout: LayoutName;
  /** Names of the channels; left out where the layout has no names for them. */
  readonly channels?: readonly string[];
  /** Left out where the dataset names none. */
  readonly classes?: readonly DescribedClass[];
  readonly ignoreLabel?: number;
  /** In the order of their paths, or of the list that names them. */
  readonly cases: readonly DatasetCase[];
  readonly leftOut: Dataset['leftOut'];
  /** Labels that no image took. */
  readonly idleLabels: readonly { readonly key: string; readonly path: string }[];
  /** Names of the labels that there are, for messages. */
  readonly labelKeys: readonly string[];
}

/** What a reader of a layout is given. */
export interface DescribeOpts {
  /** The file or folder that the user gave. */
  readonly path: string;
  /** Where labels lie, where that is not part of the layout. */
  readonly labels?: string;
}
