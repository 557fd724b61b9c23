import type { BigIntArray, DType, NumberArray, NumberDType, TypedArray, Vec3 } from '@genesis/core';
import type { NdArray } from 'ndarray';

export type { Vec3 } from '@genesis/core';

/** Typed arrays that hold voxels as JavaScript numbers. */
export type VoxelArray = NumberArray;

/** 64-bit integers beyond 2^53, given only when `dtype: 'int64' | 'uint64'` is asked for. */
export type WideVoxelArray = BigIntArray;

/** Voxel types that are held as JavaScript numbers. */
export type VoxelType = NumberDType;

/** Voxel types that can be asked for and written. */
export type ScalarType = DType;

/** 4×4, row-major, 16 numbers: voxel (i, j, k, 1) → millimetres in RAS+ (x to the Right, y Anterior, z Superior). */
export type Affine = Float64Array;

export type FormatName =
  | 'nifti1'
  | 'nifti2'
  | 'analyze'
  | 'metaimage'
  | 'nrrd'
  | 'npy'
  | 'npz'
  | 'dicom';

/** What the file said, before any voxel was touched. */
export interface VolumeHeader {
  format: FormatName;
  /** Voxel type as stored, e.g. 'int16', 'rgb24', 'complex64', 'bool', 'float16'. */
  dtype: string;
  /** Voxels along i, j, k of one volume. */
  shape: Vec3;
  /** All dimensions that the file states, fastest first; longer than three for 4-D and 5-D files. */
  dims: number[];
  /** Number of 3-D volumes in the file (product of the dimensions after the third). */
  volumes: number;
  /** Values per voxel: 1, or 3/4 for RGB(A), or the length of a vector. */
  components: number;
  affine: Affine;
  /** Voxel size in mm along i, j, k (column lengths of the affine). */
  spacing: Vec3;
  /** Where the axes i, j, k point to, e.g. 'RAS', 'LPS'. */
  orientation: string;
  /** Stored value × slope + inter = value given (1 and 0 where the file has no scaling). */
  slope: number;
  inter: number;
  byteOrder: 'little' | 'big';
  description: string;
  /** 'CT', 'MR', … where the file says it. */
  modality?: string;
  /** What was detected and what was done about it, one sentence each. */
  notes: string[];
  /** Fields of the file as they stand, for display; names are the format's own. */
  fields: Record<string, unknown>;
}

/** A 3-D image with its geometry. Operations never change their input; they return a new volume. */
export interface Volume<T extends TypedArray = NumberArray> {
  /** Shape [nx, ny, nz], index (i, j, k). Files are kept in their own order, so strides are usually [1, nx, nx·ny]. */
  data: NdArray<T>;
  affine: Affine;
  /** mm */
  spacing: Vec3;
  /** 'RAS', 'LPS', … */
  orientation: string;
  header: VolumeHeader;
}

/** A piece of a folder given by its content, e.g. in a browser. */
export interface NamedBytes {
  name: string;
  bytes: Uint8Array | ArrayBuffer | Blob;
}

/** A path or file: URL (Node), the bytes of one file, a Blob/File, or several files that belong together (a DICOM series; .hdr + .img). */
export type VolumeSource =
  | string
  | URL
  | Uint8Array
  | ArrayBuffer
  | Blob
  | readonly (NamedBytes | File)[];

export interface ReadHeaderOpts {
  /** File name to go by when the source is bytes; it helps detection and error messages. */
  name?: string;
  /**
   * Which array of an .npz, by name or by its number in the list. Which DICOM series: its instance UID as text (with
   * '#2' for the second stack of a series that holds several), its description, or its series number as a number.
   */
  series?: string | number;
  /** Refuse files whose decoded voxels would take more bytes. Default 16 GiB. */
  maxBytes?: number;
  /** DICOM: what to do when slices are missing or unevenly spaced. Default 'report' (kept, and said in header.notes). */
  geometry?: 'report' | 'strict';
  signal?: AbortSignal;
}

export interface ReadVolumeOpts extends ReadHeaderOpts {
  /**
   * Type of the voxels given. 'native' (default): the stored type where the file has no scaling, float32
   * (float64 for 32-bit and wider types) where it has; 64-bit integers become float64. DICOM with whole slopes and
   * intercepts, as CT has: the first of int16, uint16, int32, uint32 that holds all values its stored bits can take.
   * 'int64'/'uint64' give BigInt arrays. Integer types are refused if scaling would make values fractional;
   * values outside the type's range are an error, never wrapped.
   */
  dtype?: 'native' | DType;
  /** Which volume of a 4-D/5-D file, counted in file order from 0. Required when there is more than one. */
  volumeIndex?: number;
  /** Which value of RGB(A)/vector voxels. 'luminance' is 0.30 R + 0.59 G + 0.11 B. Required when there is more than one. */
  component?: number | 'luminance';
  /** What to do with NaN and infinities. Default 'keep'. */
  nonFinite?: 'keep' | 'zero' | 'error';
  /**
   * An array that receives the voxels, exactly as long as there are of them, and used for the volume's data: fresh memory
   * takes most of the time of reading an uncompressed file. Its type is then the `dtype`, which can be left out. What it
   * holds after a failure is not defined.
   */
  out?: TypedArray;
  /** Refuse images of a single slice. Default false: they are given as [nx, ny, 1]. */
  require3d?: boolean;
}

/** A box of voxels: start (inclusive) and size along i, j, k. */
export interface Region {
  start: Vec3;
  size: Vec3;
}

/** One readable volume under a folder. */
export interface VolumeEntry {
  /** Path to give to readVolume: a file, or the folder of a DICOM series. */
  path: string;
  /** Name for people and for pairing with labels: the file name without its extensions, or the series' description. */
  name: string;
  format: FormatName;
  /** DICOM series instance UID: pass as `series`. */
  series?: string;
  /** Files that make it up, when more than one. */
  files?: number;
  /** Why a file that looks like a volume cannot be read; listed only with `broken: true`. */
  error?: string;
  /** Free text for a person choosing: modality, description, number of slices. */
  description?: string;
}

/**
 * Random access to the bytes of one file. Readers see files only through this, so that paths, bytes and Blobs behave
 * alike. `read` past the end gives fewer bytes than asked; nothing is allocated beyond what the file can fill.
 */
export interface ByteSource {
  /** For messages: the path or the given name. */
  readonly name: string;
  /** Absolute path, when the source is a file on disk. */
  readonly path?: string;
  readonly size: number;
  read(start: number, length: number): Promise<Uint8Array>;
  /** Fills `target` from `start`, before it returns where that takes no waiting; gives the number of bytes that there were. */
  readInto(start: number, target: Uint8Array): number | Promise<number>;
  /**
   * A file beside this one, for formats that split header and data. `name` must be a plain name or a relative path
   * that stays inside the folder (VolumeIoError 'outside-folder' otherwise, links included unless `followLinks`);
   * undefined when there is none. `followLinks` is for names derived from the file's own, never for names found in a file.
   */
  sibling(name: string, opts?: { followLinks?: boolean }): Promise<ByteSource | undefined>;
  close(): Promise<void>;
}

/** Files that belong together: a folder on disk, or a list of Blobs. */
export interface FolderSource {
  readonly name: string;
  readonly path?: string;
  /** Relative names with '/' of all files below, sorted; links to files are followed, links to folders are not. */
  list(): Promise<string[]>;
  open(name: string): Promise<ByteSource>;
}

/** One format. All methods reject with VolumeIoError for any input that is wrong. */
export interface FormatReader {
  readHeader(source: ByteSource, opts: ReadHeaderOpts): Promise<VolumeHeader>;
  read(source: ByteSource, opts: ReadVolumeOpts): Promise<Volume<TypedArray>>;
  /** Left out: the whole volume is read, then cut. */
  readRegion?(
    source: ByteSource,
    region: Region,
    opts: ReadVolumeOpts,
  ): Promise<Volume<TypedArray>>;
  /** Formats that make one volume of many files (DICOM). */
  readFolder?(folder: FolderSource, opts: ReadVolumeOpts): Promise<Volume>;
  readFolderHeader?(folder: FolderSource, opts: ReadHeaderOpts): Promise<VolumeHeader>;
  /** Left out: the whole volume is read, then cut. */
  readFolderRegion?(folder: FolderSource, region: Region, opts: ReadVolumeOpts): Promise<Volume>;
  /** The volumes among `names`, which all matched this format. Paths of the entries are relative to the folder. */
  listFolder?(folder: FolderSource, names: readonly string[]): Promise<VolumeEntry[]>;
}

/** A lazily loaded format of the registry. */
export interface FormatEntry {
  readonly name: string;
  /** `head`: the first bytes (at most 1024, decompressed); `name`: lower-cased file name. */
  matches(head: Uint8Array, name: string): boolean;
  /** Does the reader decompress files itself, as a stream? Otherwise it is given them decompressed. */
  readonly readsPacked?: boolean;
  load(): Promise<FormatReader>;
}

/** Formats that can be written. */
export type WriteFormat = 'nifti1' | 'nifti2' | 'metaimage' | 'nrrd' | 'npy';

export interface EncodeVolumeOpts {
  /**
   * Type of the voxels in the file. Default: that of the array; voxels that came from a 64-bit integer file and are
   * still whole numbers become 64-bit integers again. Values that do not fit are an error, never wrapped.
   */
  dtype?: DType;
  /** Compress the voxels. Default: NRRD yes, others no; writeVolume goes by the extension .gz for NIfTI. */
  compress?: boolean;
  /** 0 (none) to 9 (smallest). Default 1, as nibabel: higher levels cost much time and save little. */
  level?: number;
  /** Free text for the file's description field. Default: the volume's own. */
  description?: string;
}

export interface WriteVolumeOpts extends EncodeVolumeOpts {
  /** NIfTI version. Default 1, or 2 when an axis has more than 32767 voxels. */
  niftiVersion?: 1 | 2;
}

export interface ListVolumesOpts {
  /** Also list files that look like volumes and cannot be read, with `error` set. Default false. */
  broken?: boolean;
  signal?: AbortSignal;
}
