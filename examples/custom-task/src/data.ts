import { readFile } from 'node:fs/promises';
import { permutation } from '@genesis/core';
import { fitVolume, type Preparation, prepareVolume, stackBatch } from '@genesis/inference';
import { type DatasetItem, listDataset, parseCsv, readItem, STREAM } from '@genesis/trainer/tasks';
import { createRng } from '@genesis/transforms';
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import type { AgeCard } from './card.js';

/** A volume and how old the patient is. */
export interface AgedCase {
  readonly item: DatasetItem;
  /** Years. */
  readonly age: number;
}

/** The volumes of a folder with the ages of a table, in the order of the table. */
export async function agedCases(images: string, table: string): Promise<AgedCase[]> {
  const dataset = await listDataset(images, { role: 'image' });
  const items = new Map(dataset.items.map((item) => [item.name, item]));
  const [, ...rows] = parseCsv(await readFile(table, 'utf8'));
  return rows.map(([name, age]) => {
    const item = items.get(name);
    if (!item) throw new Error(`${table} names ${name}, but ${images} holds no such volume`);
    return { item, age: Number(age) };
  });
}

/** A volume as the network takes it, [x, y, z]. */
export async function networkInput(
  item: DatasetItem,
  { crop, preparation }: Pick<AgeCard, 'crop' | 'preparation'>,
): Promise<NdArray<Float32Array>> {
  const volume = await readItem(item, preparation.nonFinite);
  return fitVolume(prepareVolume(volume, preparation), [...crop], 'center');
}

export interface AgeBatchesOpts {
  readonly cases: readonly AgedCase[];
  /** Numbers of the cases to train on. */
  readonly train: readonly number[];
  readonly card: AgeCard & { readonly preparation: Preparation };
  readonly batch: number;
  readonly seed: number;
}

/** Batches of an epoch in an order that the seed decides. */
export function ageBatches({ cases, train, card, batch, seed }: AgeBatchesOpts) {
  return async function* (epoch: number, firstStep: number, steps: number) {
    const order = permutation(train.length, createRng(seed, STREAM.order, epoch));
    for (let step = firstStep; step < steps; step++) {
      const chosen = Array.from(
        { length: batch },
        (_, n) => cases[train[order[(step * batch + n) % order.length]]],
      );
      const inputs = await Promise.all(chosen.map(({ item }) => networkInput(item, card)));
      const scores = chosen.map(({ age }) => (age - card.mean) / card.sd);
      yield {
        x: stackBatch(
          inputs.map(({ data }) => data),
          [...card.crop, 1],
        ),
        targets: [tf.tensor(scores, [batch, 1], 'float32')],
      };
    }
  };
}
