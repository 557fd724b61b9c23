import type {
  ByteSource,
  FolderSource,
  FormatReader,
  ReadHeaderOpts,
  ReadVolumeOpts,
  Region,
  Volume,
  VolumeEntry,
  VolumeHeader,
} from '../../api.js';
import { throwIfAborted } from '../../bytes/payload.js';
import { ZipFolder } from '../../bytes/zip-folder.js';
import { VolumeIoError } from '../../errors.js';
import { chooseStack, describeStack, firstFile } from './choose-stack.js';
import { loadStack } from './load-stack.js';
import { mapConcurrently } from './map-concurrently.js';
import { readSeriesFile, type SeriesFile } from './series-file.js';
import { buildStacks, type Stack } from './stack.js';
import { stackHeader } from './stack-header.js';

/** Heads read at a time. */
const CONCURRENCY = 16;

/** DICOM: one file, a folder or list of files, or a zip of them. */
export const dicomReader: FormatReader = {
  async readHeader(source, opts) {
    if (await isZip(source)) return readFolderHeader(await ZipFolder.open(source), opts);
    const { stack, notes } = await stackOfFile(source, opts);
    return stackHeader(stack, 0, notes, opts);
  },

  async read(source, opts) {
    if (await isZip(source)) return readFolder(await ZipFolder.open(source), opts);
    const { stack, notes } = await stackOfFile(source, opts);
    return loadStack(stack, notes, async () => borrowed(source), opts);
  },

  async readRegion(source, region, opts) {
    if (await isZip(source)) return readFolderRegion(await ZipFolder.open(source), region, opts);
    const { stack, notes } = await stackOfFile(source, opts);
    return loadStack(stack, notes, async () => borrowed(source), opts, region);
  },

  readFolder,
  readFolderHeader,
  readFolderRegion,

  async listFolder(folder, names) {
    const { files, broken, zips } = await readHeads(folder, names, {});
    const entries = toEntries(buildStacks(files));
    for (const [name, error] of broken) {
      entries.push({ path: name, name, format: 'dicom', error: error.message });
    }
    for (const name of zips) entries.push(...(await listZip(folder, name)));
    return entries;
  },
};

async function readFolder(folder: FolderSource, opts: ReadVolumeOpts): Promise<Volume> {
  const { stack, notes } = await stackOfFolder(folder, opts);
  return (await loadStack(stack, notes, (name) => folder.open(name), opts)) as Volume;
}

async function readFolderRegion(
  folder: FolderSource,
  region: Region,
  opts: ReadVolumeOpts,
): Promise<Volume> {
  const { stack, notes } = await stackOfFolder(folder, opts);
  return (await loadStack(stack, notes, (name) => folder.open(name), opts, region)) as Volume;
}

async function readFolderHeader(folder: FolderSource, opts: ReadHeaderOpts): Promise<VolumeHeader> {
  const { stack, notes } = await stackOfFolder(folder, opts);
  return stackHeader(stack, 0, notes, opts);
}

/** Whether a file starts as a zip archive does. */
async function isZip(source: ByteSource): Promise<boolean> {
  const [p, k, three, four] = await source.read(0, 4);
  return p === 0x50 && k === 0x4b && three === 3 && four === 4;
}

interface Chosen {
  stack: Stack;
  notes: string[];
}

async function stackOfFile(source: ByteSource, opts: ReadHeaderOpts): Promise<Chosen> {
  const file = await readSeriesFile(source);
  return chooseStack(buildStacks([file]), opts.series, source.name);
}

async function stackOfFolder(folder: FolderSource, opts: ReadHeaderOpts): Promise<Chosen> {
  const { files, broken } = await readHeads(folder, await folder.list(), opts);
  if (files.length === 0 && broken.length > 0) throw broken[0][1];
  const { stack, notes } = chooseStack(buildStacks(files), opts.series, folder.name);
  for (const [, error] of broken.slice(0, 5)) {
    notes.push(`A DICOM file could not be read and was left out: ${error.message}.`);
  }
  if (broken.length > 5) notes.push(`${broken.length - 5} more files could not be read.`);
  return { stack, notes };
}

interface Heads {
  files: SeriesFile[];
  broken: [name: string, error: VolumeIoError][];
  zips: string[];
}

/** The heads of all DICOM images among the files; broken files and archives are given apart, others passed over. */
async function readHeads(
  folder: FolderSource,
  names: readonly string[],
  opts: ReadHeaderOpts,
): Promise<Heads> {
  const heads: Heads = { files: [], broken: [], zips: [] };
  const found = await mapConcurrently(names, CONCURRENCY, async (name) => {
    throwIfAborted(opts.signal, folder.name);
    const source = await folder.open(name);
    try {
      const file = await readSeriesFile(source);
      // Files are opened again by their name in the folder; the source's own name is for messages.
      return { ...file, name };
    } catch (error) {
      if (!(error instanceof VolumeIoError)) throw error;
      if (error.code === 'unknown-format') {
        if (await isZip(source)) heads.zips.push(name);
      } else if (error.code !== 'unsupported') {
        heads.broken.push([name, error]);
      }
      return undefined;
    } finally {
      await source.close();
    }
  });
  heads.files = found.filter((file) => file !== undefined);
  return heads;
}

/** The series in an archive; its path is that of the archive. */
async function listZip(folder: FolderSource, name: string): Promise<VolumeEntry[]> {
  const source = await folder.open(name);
  try {
    const zip = await ZipFolder.open(source);
    const { files } = await readHeads(zip, await zip.list(), {});
    return toEntries(buildStacks(files)).map((entry) => ({ ...entry, path: name }));
  } catch (error) {
    if (!(error instanceof VolumeIoError)) throw error;
    return [{ path: name, name, format: 'dicom', error: error.message }];
  } finally {
    await source.close();
  }
}

function toEntries(stacks: readonly Stack[]): VolumeEntry[] {
  const filesOf = (some: readonly Stack[]): string[] => [
    ...new Set(some.flatMap((s) => s.volumes.flatMap((v) => v.map((slice) => slice.file.name)))),
  ];
  return stacks.map((stack) => {
    const file = firstFile(stack);
    const names = filesOf([stack]);
    const whole = filesOf(stacks.filter((s) => s.uid === stack.uid));
    return {
      // Stacks are numbered within their series, so all of it must be under the path.
      path: whole.length === 1 ? file.name : commonFolder(whole),
      name: file.description || file.seriesUid,
      format: 'dicom',
      series: stack.id,
      ...(names.length > 1 ? { files: names.length } : {}),
      description: describeStack(stack),
    };
  });
}

/** The deepest folder that holds all names; '' for the folder itself. */
function commonFolder(names: readonly string[]): string {
  const [first, ...rest] = names.map((name) => name.split('/').slice(0, -1));
  let depth = first.length;
  for (const parts of rest) {
    let same = 0;
    while (same < depth && parts[same] === first[same]) same++;
    depth = same;
  }
  return first.slice(0, depth).join('/');
}

/** A source that its caller closes. */
function borrowed(source: ByteSource): ByteSource {
  return {
    name: source.name,
    size: source.size,
    read: (start, length) => source.read(start, length),
    readInto: (start, target) => source.readInto(start, target),
    sibling: (name) => source.sibling(name),
    close: async () => {},
  };
}
