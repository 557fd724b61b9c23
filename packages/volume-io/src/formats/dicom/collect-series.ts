import type { ByteSource, FolderSource } from '../../bytes/api.js';
import { isZip } from '../../bytes/names.js';
import { ZipFolder } from '../../bytes/zip-folder.js';
import { VolumeIoError } from '../../errors.js';
import type { ListedVolume, OpenedVolume, VolumeCollector } from '../common/api.js';
import { describeStack, firstFile } from './choose-stack.js';
import { openStack, type StackFiles } from './open-stack.js';
import { brokenNotes, readHeadOf, readHeads } from './read-heads.js';
import type { SeriesFile } from './series-file.js';
import { splitCopies } from './split-copies.js';
import { buildStacks, type Stack } from './stack.js';

/** Makes series of the files of a folder, each of which is read once. Archives are looked into. */
export class SeriesCollector implements VolumeCollector {
  private readonly heads = new Map<string, SeriesFile | VolumeIoError | ListedVolume[]>();

  constructor(private readonly folder: FolderSource) {}

  async add(name: string, source: ByteSource): Promise<void> {
    const head = await readHeadOf(name, source);
    const isForeign = !head || (head instanceof VolumeIoError && head.code === 'unknown-format');
    if (isForeign && isZip(await source.read(0, 4))) {
      this.heads.set(name, await listZip(name, source));
    } else if (head) {
      this.heads.set(name, head);
    }
  }

  finish(): ListedVolume[] {
    const files: SeriesFile[] = [];
    const broken: ListedVolume[] = [];
    const zipped: ListedVolume[] = [];
    // Whichever was read first.
    for (const name of [...this.heads.keys()].sort()) {
      const head = this.heads.get(name);
      if (head instanceof VolumeIoError) broken.push({ path: name, name, found: head });
      else if (Array.isArray(head)) zipped.push(...head);
      else if (head) files.push(head);
    }
    const errorsIn = (path: string): VolumeIoError[] =>
      broken.flatMap(({ path: file, found }) =>
        found instanceof VolumeIoError && file.startsWith(path === '' ? '' : `${path}/`)
          ? [found]
          : [],
      );
    const series = splitCopies(files).flatMap((copy) =>
      listStacks(buildStacks(copy.files), this.folder, copy.notes, errorsIn),
    );
    return [...series, ...broken, ...zipped];
  }
}

/** The series in an archive; its path is that of the archive. */
async function listZip(name: string, source: ByteSource): Promise<ListedVolume[]> {
  try {
    const zip = await ZipFolder.open(source);
    const { files, errors } = await readHeads(zip, {});
    const within: StackFiles = {
      open: (member) => zip.open(member),
      release: () => source.close(),
    };
    const listed = splitCopies(files).flatMap((copy) =>
      listStacks(buildStacks(copy.files), within, copy.notes, () => errors),
    );
    return listed.map((one) => ({ ...one, path: name }));
  } catch (error) {
    if (!(error instanceof VolumeIoError)) throw error;
    return [{ path: name, name, found: error }];
  }
}

/**
 * @param notes - For the header of each.
 * @param errorsIn - Of the broken files in a folder of this path.
 */
function listStacks(
  stacks: readonly Stack[],
  files: StackFiles,
  notes: readonly string[],
  errorsIn: (path: string) => readonly VolumeIoError[],
): ListedVolume[] {
  return stacks.map((stack) => {
    const file = firstFile(stack);
    const names = fileNames([stack]);
    const whole = fileNames(stacks.filter((other) => other.uid === stack.uid));
    const isOneFile = whole.length === 1;
    // Stacks are numbered within their series, so all of it must be under the path.
    const path = isOneFile ? file.name : commonFolder(whole);
    const broken = isOneFile ? [] : brokenNotes(errorsIn(path));
    return {
      path,
      name: file.description || file.seriesUid,
      series: stack.id,
      files: names.length > 1 ? names.length : undefined,
      description: describeStack(stack),
      found: tryOpen(stack, [...notes, ...broken], files),
    };
  });
}

function tryOpen(
  stack: Stack,
  notes: readonly string[],
  files: StackFiles,
): OpenedVolume | VolumeIoError {
  try {
    return openStack(stack, notes, files, {});
  } catch (error) {
    if (error instanceof VolumeIoError) return error;
    throw error;
  }
}

function fileNames(stacks: readonly Stack[]): string[] {
  const slices = stacks.flatMap((stack) => stack.volumes.flat());
  return [...new Set(slices.map((slice) => slice.file.name))];
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
