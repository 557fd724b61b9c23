import type { BrokenEntry, VolumeEntry } from '@genesis/volume-io';
import { TrainerError } from '../errors.js';
import { nameCases } from './case-names.js';

/**
 * The volumes of a list that `series` means: by their number in it, which `info` shows, by the UID or the description of a DICOM series,
 * or by the name of the case. All of them where it is left out.
 *
 * @param path - Where the list is from.
 * @throws TrainerError 'bad-argument' when there is none.
 */
export function chooseEntries<E extends VolumeEntry | BrokenEntry>(
  path: string,
  entries: readonly E[],
  series: string | number | undefined,
): readonly E[] {
  if (series === undefined) return entries;
  if (typeof series === 'number') {
    if (series >= 0 && series < entries.length) return [entries[series]];
    throw new TrainerError(
      'bad-argument',
      `${path} has no volume number ${series}; it holds ${listed(path, entries)}`,
      { file: path },
    );
  }
  const names = nameCases(path, entries);
  const chosen = entries.filter((entry, n) => {
    const { key, name } = names[n];
    // '#2' is the second stack of a series.
    const isSeries = entry.series === series || entry.series?.replace(/#\d+$/, '') === series;
    return isSeries || [entry.name, key, name].includes(series);
  });
  if (chosen.length > 0) return chosen;
  throw new TrainerError(
    'bad-argument',
    `${path} has no series ${JSON.stringify(series)}; it holds ${listed(path, entries)}`,
    { file: path },
  );
}

/** Entries that a message names. */
const MOST_NAMED = 20;

/** '0: p1, 1: p2 (Chest)' */
function listed(path: string, entries: readonly (VolumeEntry | BrokenEntry)[]): string {
  const names = nameCases(path, entries);
  const some = entries
    .slice(0, MOST_NAMED)
    .map((entry, n) =>
      entry.series === undefined || names[n].name.endsWith(entry.name)
        ? `${n}: ${names[n].name}`
        : `${n}: ${names[n].name} (${entry.name})`,
    );
  return some.join(', ') + (entries.length > MOST_NAMED ? ', …' : '');
}
