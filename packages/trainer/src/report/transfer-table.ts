import { plural } from '../plural.js';
import type { Block } from './api.js';

/** What came over from other weights, tensor by tensor. */
export interface Transferred {
  readonly matched: readonly string[];
  readonly random: readonly { readonly name: string; readonly reason: string }[];
  readonly unused: readonly { readonly name: string; readonly reason: string }[];
}

/** What came over from pre-trained weights, tensor by tensor. */
export function transferTable(transfer: Transferred | undefined): Block {
  if (!transfer) return { kind: 'text', text: 'All weights started at random.' };
  const { matched, random, unused } = transfer;
  const rows = [
    ...random.map(({ name, reason }) => [name, `random: ${reason}`]),
    ...unused.map(({ name, reason }) => [name, `not used: ${reason}`]),
    ...matched.map((name) => [name, 'from the file']),
  ];
  return {
    kind: 'details',
    summary: `${plural(matched.length, 'tensor')} came from pre-training, ${random.length} started at random`,
    blocks: [{ kind: 'table', header: ['tensor', ''], rows }],
  };
}
