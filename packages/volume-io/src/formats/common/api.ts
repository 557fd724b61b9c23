import type { TypedArray } from '@genesis/core';
import type {
  OpenVolumeOpts,
  ReadSlabsOpts,
  ReadVoxelsOpts,
  Region,
  VolumeHeader,
} from '../../api.js';
import type { ByteSource, FolderSource } from '../../bytes/api.js';
import type { VolumeIoError } from '../../errors.js';
import type { Volume } from '../../voxels/volume.js';

/** A volume whose header has been read; its voxels can be, any number of times. Rejects with VolumeIoError only. */
export interface OpenedVolume {
  readonly header: VolumeHeader;
  /**
   * All voxels, or those of a region. Notes of what was done to them are in the header of the volume given. `out` is used
   * where it has room for what is read, which its caller checks.
   */
  read(opts: ReadVoxelsOpts, region?: Region): Promise<Volume<TypedArray>>;
  /** All voxels in file order, a slab at a time; a slab is valid until the next is asked for. */
  slabs(opts: ReadSlabsOpts): AsyncGenerator<TypedArray>;
  /** Lets go of the files that it opened and of memory; a later read takes them up again. No read may be under way. */
  release(): Promise<void>;
}

/** One format. All methods reject with VolumeIoError for any input that is wrong. */
export interface FormatReader {
  /** Reads the header. The source stays the caller's to close; the volume reads from it. */
  open(source: ByteSource, opts: OpenVolumeOpts): Promise<OpenedVolume>;
}

/** The part of a format that makes volumes of a folder's files. */
export interface FolderReader {
  /** The volume of a folder, which holds one, or the one that `series` chooses. */
  open(folder: FolderSource, opts: OpenVolumeOpts): Promise<OpenedVolume>;
  /** Begins a list of the volumes of a folder. */
  collect(folder: FolderSource): VolumeCollector;
}

/** Makes a list of volumes from files that are shown to it one by one, each once. */
export interface VolumeCollector {
  /** Reads what an open file adds, several at a time if the caller likes. Broken ones are kept for the list. */
  add(name: string, source: ByteSource): Promise<void>;
  /** The volumes of all files shown, in a stable order. */
  finish(): ListedVolume[];
}

/** A volume that was found in a folder, or a file that should have been one. */
export interface ListedVolume {
  /** Relative to the folder; '' for the folder itself. */
  readonly path: string;
  readonly name: string;
  readonly series?: string;
  /** Files that make it up, when more than one. */
  readonly files?: number;
  readonly description?: string;
  /** The volume, or why it cannot be read. */
  readonly found: OpenedVolume | VolumeIoError;
}

/** A lazily loaded format of the registry. */
export interface FormatEntry {
  readonly name: string;
  /** `head`: the first bytes (at most 1024, decompressed); `name`: lower-cased file name. */
  matches(head: Uint8Array, name: string): boolean;
  /** Does the reader decompress files itself, as a stream? Otherwise it is given them decompressed. */
  readonly readsPacked?: boolean;
  load(): Promise<FormatReader>;
  /** Formats that make one volume of many files. */
  loadFolders?(): Promise<FolderReader>;
}
