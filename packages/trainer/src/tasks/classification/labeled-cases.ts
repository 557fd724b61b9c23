import { type DatasetItem, listDataset } from '../../data/dataset.js';
import { baseName } from '../../data/match-by-name.js';
import { TrainerError } from '../../errors.js';
import { readClassTable } from './read-class-table.js';

/** A volume and its class. */
export interface LabeledCase {
  readonly item: DatasetItem;
  readonly label: string;
}

/**
 * The volumes of a folder that stand in a table, with their classes.
 *
 * @throws TrainerError 'bad-data' when a row has no volume; volumes without row are left out.
 */
export async function labeledCases(images: string, table: string): Promise<LabeledCase[]> {
  const items = await listDataset(images);
  const rows = await readClassTable(table);
  const byName = new Map(items.map((item) => [item.name, item]));
  for (const item of items) {
    const base = baseName(item.name);
    if (!byName.has(base)) byName.set(base, item);
  }
  return rows.map(({ name, label }) => {
    const item = byName.get(name) ?? byName.get(baseName(name));
    if (!item) {
      throw new TrainerError(
        'bad-data',
        `${table} names '${name}', but ${images} holds no volume of that name`,
        { file: table },
      );
    }
    return { item, label };
  });
}
