import type { Vec3 } from '@genesis/volume-io';
import type { CaseSplit, DescribedClass, LayoutName } from '../layouts/api.js';

/** What was found about a dataset; plain data. */
export interface DatasetReport {
  /** The folder or file that was asked about. */
  readonly path: string;
  readonly layout: LayoutName;
  /** Names of the channels; one without name where the layout has none. */
  readonly channels: readonly string[];
  /** The classes that the dataset names, else those that occur. */
  readonly classes: readonly ClassReport[];
  readonly ignoreLabel?: number;
  readonly cases: readonly CaseReport[];
  /** What is wrong, and what is to be known; errors first. */
  readonly findings: readonly Finding[];
}

/** A class over all cases. */
export interface ClassReport extends DescribedClass {
  /** Cases in whose label map it occurs. */
  readonly cases: number;
  /** Median share of the voxels of those cases; left out where there are none. */
  readonly share?: number;
}

/** A case. */
export interface CaseReport {
  readonly name: string;
  readonly patient?: string;
  readonly split?: CaseSplit;
  readonly fold?: number;
  readonly shape: Vec3;
  /** mm, along the axes as stored. */
  readonly spacing: Vec3;
  /** Where the axes point to, such as 'RAS'. */
  readonly orientation: string;
  /** In the order of the dataset's channels; null for one that is missing. */
  readonly channels: readonly (ChannelReport | null)[];
  readonly label?: LabelReport;
}

/** A volume of a case. */
export interface ChannelReport {
  readonly path: string;
  readonly dtype: string;
  /** Of its voxels; left out where they were not read. */
  readonly values?: ValueReport;
}

/** The intensities of a volume, NaN and infinities left aside. */
export interface ValueReport {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of up to 100,000 voxels spread over the volume. */
  readonly median: number;
  /** The percentile of 99.5 of the same. */
  readonly high: number;
  /** Voxels that are NaN or infinite. */
  readonly nonFinite: number;
  /** SHA-256 of the voxels, the first 16 digits. */
  readonly hash: string;
  /** What their values look like. */
  readonly scheme: 'ct' | 'percentile';
}

/** The label map of a case. */
export interface LabelReport {
  readonly path: string;
  /** Voxels of each label; left out where they were not read, or are no labels. */
  readonly voxels?: Readonly<Record<string, number>>;
}

/** Something that is wrong, or to be known. */
export interface Finding {
  /** 'error': training would refuse it or learn nonsense; 'warning': to be looked at; 'note': to be known. */
  readonly severity: 'error' | 'warning' | 'note';
  readonly code:
    | 'left-out'
    | 'unreadable'
    | 'grid'
    | 'labels'
    | 'no-label'
    | 'idle-labels'
    | 'empty-label'
    | 'unused-class'
    | 'non-finite'
    | 'constant'
    | 'missing-channel'
    | 'orientation'
    | 'duplicate'
    | 'patient-on-two-sides'
    | 'spacing'
    | 'intensity'
    | 'mixed-modalities'
    | 'regions';
  /** The cases concerned. */
  readonly cases: readonly string[];
  /** One sentence. */
  readonly text: string;
}
