import { applyNetworkThen, type SegmentationCard } from '@genesis/inference';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import ndarray, { type NdArray } from 'ndarray';
import type { FinetuneConfig } from '../../config/schema.js';
import type { TransferReport } from '../../model/init-weights.js';
import { configTable } from '../../report/config-table.js';
import { epochsOf, lossCurves, validationCurves } from '../../report/curves.js';
import { duration } from '../../report/duration.js';
import { page } from '../../report/page.js';
import { sampleFigure } from '../../report/sample-figure.js';
import { graySlice, outlinedSlice, type SliceAxis } from '../../report/slices.js';
import { shortNumber } from '../../report/ticks.js';
import { transferTable } from '../../report/transfer-table.js';
import type { MetricsRecord } from '../../run/metrics.js';
import type { SegmentationSample } from './task.js';

/** Samples shown. */
const SHOWN = 6;

export interface SegmentationReportOpts {
  readonly records: readonly MetricsRecord[];
  readonly config: FinetuneConfig;
  readonly info: SegmentationCard;
  readonly model: LayersModel;
  readonly samples: readonly SegmentationSample[];
  /** Names of the volumes by their number. */
  readonly names: readonly string[];
  readonly transfer: TransferReport | undefined;
}

/** A page with loss and Dice curves and validation crops with outlines: truth and prediction. */
export async function segmentationReport(opts: SegmentationReportOpts): Promise<string> {
  const { records, info } = opts;
  const epochs = epochsOf(records);
  const last = epochs.at(-1);
  const best = epochs.findLast((epoch) => epoch.best);
  const foreground = info.classes.slice(1);
  const cards = [
    {
      value: best ? shortNumber(best.validation.dice) : '–',
      label: 'validation Dice (best epoch)',
    },
    ...foreground.slice(0, 3).map(({ name }) => ({
      value: shortNumber(best?.validation[`dice:${name}`] ?? Number.NaN),
      label: `Dice, ${name}`,
    })),
    { value: String(last?.epoch ?? 0), label: `epochs, ${last?.step ?? 0} steps` },
    { value: last ? duration(last.seconds) : '–', label: 'training time' },
  ];
  const shown = [...foreground.map(({ name }) => ({ key: `dice:${name}`, name }))].slice(0, 3);
  return page({
    title: 'Fine-tuning: segmentation',
    lead: `${info.classes.length} classes, crops of ${info.crop.join(' × ')} voxels, start: ${opts.config.init}.`,
    cards,
    sections: [
      {
        title: 'Loss',
        body: lossCurves({ records, lossName: opts.config.loss ?? 'dice', logarithmic: false }),
      },
      { title: 'Dice', body: validationCurves(records, 'validation Dice', shown) },
      {
        title: 'Validation crops',
        body: `<div class="samples">${(await figures(opts)).join('')}</div>`,
      },
      { title: 'Start', body: transferTable(opts.transfer) },
      { title: 'Options', body: configTable(opts.config) },
    ],
  });
}

async function figures(opts: SegmentationReportOpts): Promise<string[]> {
  const { samples, model, info, names } = opts;
  const count = Math.min(SHOWN, samples.length);
  const parts: string[] = [];
  for (let n = 0; n < count; n++) {
    const sample = samples[Math.floor((n * samples.length) / count)];
    const [classes] = await applyNetworkThen(
      model,
      [sample.image.data],
      [...info.crop, 1],
      (output) => [tf.argMax(output, -1)],
    );
    const found = ndarray(Uint8Array.from(classes), [...info.crop]);
    const rows = ([2, 0] as SliceAxis[]).map((axis) => {
      const index = fullestSlice(sample.classes, axis);
      return {
        name: axis === 2 ? 'axial' : 'sagittal',
        slices: [
          graySlice(sample.image, axis, index),
          outlinedSlice(sample.image, sample.classes, axis, index),
          outlinedSlice(sample.image, found, axis, index),
        ],
      };
    });
    const agree = agreement(sample.classes.data, found.data);
    parts.push(
      sampleFigure({
        title: names[sample.volume],
        note: `foreground Dice ${shortNumber(agree)}`,
        columns: ['image', 'truth', 'prediction'],
        rows,
      }),
    );
  }
  return parts;
}

/** The slice with the most labelled voxels. */
function fullestSlice(classes: NdArray<Uint8Array>, axis: SliceAxis): number {
  const counts = new Uint32Array(classes.shape[axis]);
  const [, ny, nz] = classes.shape;
  classes.data.forEach((value, n) => {
    if (value === 0) return;
    const position = [Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz];
    counts[position[axis]]++;
  });
  const most = Math.max(...counts);
  return most === 0 ? counts.length >> 1 : counts.indexOf(most);
}

/** Dice of labelled against not labelled, all classes together. */
function agreement(a: Uint8Array, b: Uint8Array): number {
  let [both, total] = [0, 0];
  for (let n = 0; n < a.length; n++) {
    if (a[n] > 0 && a[n] === b[n]) both += 2;
    total += (a[n] > 0 ? 1 : 0) + (b[n] > 0 ? 1 : 0);
  }
  return total === 0 ? 1 : both / total;
}
