import type { TransferReport } from '../model/init-weights.js';
import { dataTable } from './page.js';

/** What came over from pre-trained weights, layer by layer. */
export function transferTable(transfer: TransferReport | undefined): string {
  if (!transfer) return '<p>All weights started at random.</p>';
  const { matched, random, unused } = transfer;
  const rows = [
    ...random.map(({ name, reason }) => [name, `random: ${reason}`]),
    ...unused.map(({ name, reason }) => [name, `not used: ${reason}`]),
    ...matched.map((name) => [name, 'from the file']),
  ];
  return `<details><summary>${matched.length} tensors came from pre-training, ${random.length} started at random</summary>${dataTable(['tensor', ''], rows)}</details>`;
}
