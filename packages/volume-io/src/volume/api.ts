import type { FormatName, VolumeHeader } from '../api.js';
import type { VolumeHandle } from './volume-handle.js';

/** A volume found in a folder, with its header. */
export interface VolumeEntry {
  /** Path to give to readVolume: a file, or the folder of a DICOM series. */
  readonly path: string;
  /** Name for people and for pairing with labels: the file name without its extensions, or the series' description. */
  readonly name: string;
  /** Of the file. */
  readonly format: FormatName;
  /** DICOM series instance UID: pass as `series`. */
  readonly series?: string;
  /** Files that make it up, when more than one. */
  readonly files?: number;
  /** Free text for a person choosing: modality, description, number of slices. */
  readonly description: string;
  /** What the file says about its volume. */
  readonly header: VolumeHeader;
  /** Not for volumes that can be read. */
  readonly error?: undefined;
  /**
   * Opens the volume without reading its header again: files are touched when voxels are read. Each call gives a handle of
   * its own, which its caller closes.
   */
  open(): VolumeHandle;
}

/** A file that looks like a volume and cannot be read as one. */
export interface BrokenEntry {
  /** The file, or the folder of a DICOM series. */
  readonly path: string;
  /** Name for people. */
  readonly name: string;
  /** What it is taken for, by its name where its content does not say. */
  readonly format: FormatName;
  /** DICOM series instance UID. */
  readonly series?: string;
  /** Files that make it up, when more than one. */
  readonly files?: number;
  /** Free text, where something is known. */
  readonly description?: string;
  /** Not for what cannot be read. */
  readonly header?: undefined;
  /** The reason, in one sentence that names the file. */
  readonly error: string;
}

/** What listVolumes looks for. */
export interface ListVolumesOpts {
  /** Also list files that look like volumes and cannot be read, with `error` set. Default false. */
  broken?: boolean;
  /**
   * Told in one sentence each what was done about folders that are links or cannot be read, and about links that lead
   * nowhere.
   */
  onNote?: (note: string) => void;
  /** Stops the listing, with VolumeIoError 'aborted'. */
  signal?: AbortSignal;
}
