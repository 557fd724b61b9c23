import type { TransferReport } from '../model/initWeights.js';
import { dataTable } from './page.js';

/** What came over from pre-trained weights, layer by layer. */
export function transferTable(transfer: TransferReport | undefined): string {
  if (!transfer) return '<p>All weights started at random.</p>';
  const shape = (sides: readonly number[]): string => sides.join('×');
  const rows = [
    ...transfer.matched.map((name) => [name, 'from the file']),
    ...transfer.mismatched.map(({ name, expected, found }) => [
      name,
      `random: ${shape(found)} in the file, ${shape(expected)} here`,
    ]),
    ...transfer.fresh.map((name) => [name, 'random: not in the file']),
    ...transfer.unused.map((name) => [name, 'in the file, not used']),
  ];
  return `<details><summary>${transfer.matched.length} tensors came from pre-training, ${transfer.fresh.length + transfer.mismatched.length} started at random</summary>${dataTable(['tensor', ''], rows)}</details>`;
}
