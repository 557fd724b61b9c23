import type {
  BigIntArray,
  DType,
  NumberArray,
  NumberDType,
  ReadonlyVec3,
  TypedArray,
  Vec3,
} from '@genesis/core';

export type { ReadonlyVec3, Vec3 } from '@genesis/core';

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

/** Formats that are read, as headers name them. */
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
  /** Of the file; 'nifti1' for volumes that come from none. */
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
  /** Voxel → RAS mm. */
  affine: Affine;
  /** Voxel size in mm along i, j, k (column lengths of the affine). */
  spacing: Vec3;
  /** Where the axes i, j, k point to, e.g. 'RAS', 'LPS'. */
  orientation: string;
  /** Stored value × slope + inter = value given (1 and 0 where the file has no scaling). */
  slope: number;
  /** See slope. */
  inter: number;
  /** Of the voxels in the file. */
  byteOrder: 'little' | 'big';
  /** Free text of the file; '' where it has none. */
  description: string;
  /** 'CT', 'MR', … where the file says it. */
  modality?: string;
  /** What was detected and what was done about it, one sentence each. */
  notes: string[];
  /** Fields of the file as they stand, for display; names are the format's own. */
  fields: Record<string, unknown>;
}

/** A piece of a folder given by its content, e.g. in a browser. */
export interface NamedBytes {
  /** Relative to the folder, with '/'. */
  name: string;
  /** Its content; a Blob is read as far as it is needed. */
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

/** Which volume of a source is meant, and how it is opened. */
export interface OpenVolumeOpts {
  /** File name to go by when the source is bytes; it helps detection and error messages. */
  name?: string;
  /**
   * Which array of an .npz, by name or by its number in the list. Which DICOM series: its instance UID as text (with
   * '#2' for the second stack of a series that holds several), its description, or its series number as a number.
   */
  series?: string | number;
  /** DICOM: what to do when slices are missing or unevenly spaced. Default 'report' (kept, and said in header.notes). */
  geometry?: 'report' | 'strict';
  /** Stops the reading of heads, with VolumeIoError 'aborted'. */
  signal?: AbortSignal;
}

/** What readHeader takes. */
export type ReadHeaderOpts = OpenVolumeOpts;

/** Which voxels are read of an open volume, and as what. */
export interface ReadVoxelsOpts {
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
  /** Refuse what would take more bytes once decoded. Default 16 GiB. */
  maxBytes?: number;
  /** Stops the reading, with VolumeIoError 'aborted'. */
  signal?: AbortSignal;
}

/** Which voxels are read in slabs, and as what; see ReadVoxelsOpts. */
export interface ReadSlabsOpts extends Pick<ReadVoxelsOpts, 'dtype' | 'volumeIndex' | 'signal'> {
  /** Which value of RGB(A)/vector voxels. Required when there is more than one. */
  component?: number;
  /** Told in one sentence each what was found out and done while reading. */
  onNote?: (note: string) => void;
}

/** What readVolume and readRegion take: which volume, and which of its voxels. */
export interface ReadVolumeOpts extends OpenVolumeOpts, ReadVoxelsOpts {}

/** A box of voxels: start (inclusive) and size along i, j, k. */
export interface Region {
  /** First voxel (i, j, k). */
  start: ReadonlyVec3;
  /** Voxels along each axis, at least 1. */
  size: ReadonlyVec3;
}

/** Formats that can be written. */
export type WriteFormat = 'nifti1' | 'nifti2' | 'metaimage' | 'nrrd' | 'npy';

/** How a volume becomes a file's bytes. */
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
  /**
   * NIfTI alone: what readers multiply the voxels by, above 0. The volume holds the voxels as they are stored, so that shares in 0…1 take
   * 16 bits as whole numbers of 1/65535. Default 1.
   */
  slope?: number;
  /**
   * NRRD alone: key/value pairs of the header, such as the names of segments that 3D Slicer reads in a `.seg.nrrd`. Keys are not empty and
   * hold neither `:=` nor line breaks, and do not begin with #. Default none.
   */
  keyValues?: Readonly<Record<string, string>>;
}

/** How a volume is written to a path, whose extension says the format. */
export interface WriteVolumeOpts extends EncodeVolumeOpts {
  /** NIfTI version. Default 1, or 2 when an axis has more than 32767 voxels. */
  niftiVersion?: 1 | 2;
}
