import type { OpenVolumeOpts } from '../../api.js';
import type { FolderSource } from '../../bytes/api.js';
import type { FolderReader, OpenedVolume } from '../common/api.js';
import { chooseStack } from './choose-stack.js';
import { SeriesCollector } from './collect-series.js';
import { openStack } from './open-stack.js';
import { brokenNotes, readHeads } from './read-heads.js';
import { buildStacks } from './stack.js';

/** DICOM: a folder, a list of files, or what is in an archive. */
export const dicomFolders: FolderReader = {
  open: openSeries,
  collect: (folder) => new SeriesCollector(folder),
};

/** The one series of a folder, or the one that is chosen. */
export async function openSeries(
  folder: FolderSource,
  opts: OpenVolumeOpts,
): Promise<OpenedVolume> {
  const heads = await readHeads(folder, opts);
  const [broken] = heads.errors;
  if (heads.files.length === 0 && broken) throw broken;
  const { stack, notes } = chooseStack(buildStacks(heads.files), opts.series, folder.name);
  const said = [...notes, ...heads.notes, ...brokenNotes(heads.errors)];
  return openStack(stack, said, folder, opts);
}
