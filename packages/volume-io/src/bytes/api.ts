/**
 * Random access to the bytes of one file. Readers see files only through this, so that paths, bytes and Blobs behave
 * alike. `read` past the end gives fewer bytes than asked; nothing is allocated beyond what the file can fill.
 */
export interface ByteSource {
  /** For messages: the path or the given name. */
  readonly name: string;
  /** Absolute path, when the source is a file on disk. */
  readonly path?: string;
  /** Bytes. */
  readonly size: number;
  /** New memory, or a view of the source's own that is not to be written to. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** Fills `target` from `start`, before it returns where that takes no waiting; gives the number of bytes that there were. */
  readInto(start: number, target: Uint8Array): number | Promise<number>;
  /**
   * A file beside this one, for formats that split header and data. `name` must be a plain name or a relative path
   * that stays inside the folder (VolumeIoError 'outside-folder' otherwise, links included unless `followLinks`, or unless
   * they bear the file's own name or lead into the store of a data set); undefined when there is none. `followLinks` is for names
   * derived from the file's own, never for names found in a file.
   */
  sibling(name: string, opts?: { followLinks?: boolean }): Promise<ByteSource | undefined>;
  /** Lets go of the file, and of what is held in memory; a later read takes it up again. */
  close(): Promise<void>;
}

/** The files of a folder and of all folders below. Links are followed, hidden files are left out. */
export interface FolderListing {
  /** Relative names with '/', sorted. */
  readonly names: readonly string[];
  /** Links that lead to no file that is there. */
  readonly missing: readonly string[];
  /** What was done about folders that are links, or that cannot be read: one sentence each. */
  readonly notes: readonly string[];
}

/** Files that belong together: a folder on disk, or a list of Blobs. */
export interface FolderSource {
  /** For messages. */
  readonly name: string;
  /** Absolute path, when it is a folder on disk. */
  readonly path?: string;
  /** What is below. Throws VolumeIoError 'not-found' or 'not-readable' for the folder itself. */
  list(): Promise<FolderListing>;
  /** Opens the file of this relative name. Throws VolumeIoError 'not-found', 'not-readable' or 'outside-folder'. */
  open(name: string): Promise<ByteSource>;
}
