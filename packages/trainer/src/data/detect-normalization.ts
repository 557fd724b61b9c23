import { detectScheme, type SchemeName } from '@genesis/inference';
import { type DatasetItem, readItem } from './dataset.js';
import { isUnreadable } from './readable.js';

/** Volumes that are looked at, spread over the list. */
const LOOKED_AT = 9;

/**
 * One normalisation for a whole data set, so that prediction can do the same: `name`, or for 'auto' what most of the
 * volumes looked at suggest.
 */
export async function detectNormalization(
  items: readonly DatasetItem[],
  name: SchemeName,
): Promise<Exclude<SchemeName, 'auto'>> {
  if (name !== 'auto') return name;
  const count = Math.min(LOOKED_AT, items.length);
  let [ct, read] = [0, 0];
  for (let n = 0; n < count; n++) {
    // Values alone decide here, so what to do with NaN is left to the reading that counts.
    const volume = await readItem(items[Math.floor((n * items.length) / count)], 'zero').catch(
      unreadable,
    );
    if (!volume) continue;
    read++;
    if (detectScheme(volume) === 'ct') ct++;
  }
  return ct * 2 > read ? 'ct' : 'percentile';
}

/** A broken file is told about where its voxels are needed. */
function unreadable(error: unknown): undefined {
  if (!isUnreadable(error)) throw error;
}
