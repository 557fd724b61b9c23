import { applyNetwork } from '@genesis/inference';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import ndarray, { type NdArray } from 'ndarray';
import type { PretrainConfig } from '../../config/schema.js';
import { configTable } from '../../report/config-table.js';
import { epochsOf, lossCurves } from '../../report/curves.js';
import { duration } from '../../report/duration.js';
import { factTable, page } from '../../report/page.js';
import { sampleFigure } from '../../report/sample-figure.js';
import { graySlice, type SliceAxis } from '../../report/slices.js';
import { shortNumber } from '../../report/ticks.js';
import type { MetricsRecord } from '../../run/metrics.js';
import { DEFORMATIONS_ALONE, singleDeformations } from './single-deformations.js';
import type { RestorationSample } from './task.js';

/** Validation samples shown. */
const SHOWN = 8;

/** Validation crops that are shown once for each deformation. */
const SHOWN_ALONE = 3;

export interface PretrainReportOpts {
  readonly records: readonly MetricsRecord[];
  readonly config: PretrainConfig;
  /** Holds the weights whose restorations are shown. */
  readonly model: LayersModel;
  readonly validation: readonly RestorationSample[];
  readonly split: { readonly train: readonly string[]; readonly validation: readonly string[] };
}

/**
 * A page with the loss curves and validation crops: original, deformed, restored, first by each deformation of the
 * preset alone, then as the network is validated.
 */
export async function pretrainReport(opts: PretrainReportOpts): Promise<string> {
  const { records, config, split } = opts;
  const epochs = epochsOf(records);
  const last = epochs.at(-1);
  const best = epochs.findLast((epoch) => epoch.best);
  const identity = last?.validation.identityMse ?? Number.NaN;
  const cards = [
    { value: best ? shortNumber(best.validation.loss) : '–', label: 'validation MSE (best epoch)' },
    { value: shortNumber(identity), label: 'MSE of the deformed input itself' },
    {
      value: best ? `${(100 * (1 - best.validation.loss / identity)).toFixed(1)} %` : '–',
      label: 'of that error removed',
    },
    { value: String(last?.epoch ?? 0), label: `epochs, ${last?.step ?? 0} steps` },
    { value: last ? duration(last.seconds) : '–', label: 'training time' },
  ];
  return page({
    title: 'Pre-training: restoring deformed crops',
    lead: `${split.train.length} volumes to train on, ${split.validation.length} for validation; crops of ${config.crop.join(' × ')} voxels.`,
    cards,
    sections: [
      {
        title: 'Loss',
        body: lossCurves({
          records,
          lossName: 'mean squared error',
          baseline: { key: 'identityMse', name: 'deformed input' },
          logarithmic: true,
        }),
      },
      ...(config.proxyTask === 'genesis'
        ? [{ title: 'Each deformation alone', body: await aloneFigures(opts) }]
        : []),
      { title: 'Validation crops', body: await validationFigures(opts) },
      {
        title: 'Learning rate and data',
        body: factTable([
          ['learning rate (last epoch)', shortNumber(last?.learningRate ?? Number.NaN)],
          ['trained on', split.train.join(', ')],
          ['validated with', split.validation.join(', ')],
        ]),
      },
      { title: 'Options', body: configTable(config) },
    ],
  });
}

function validationFigures(opts: PretrainReportOpts): Promise<string> {
  // The samples take turns among the volumes, so the first ones show them all.
  const shown = opts.validation.slice(0, SHOWN);
  return figures(
    opts,
    shown.map((sample) => ({ title: sample.volume, sample })),
  );
}

function aloneFigures(opts: PretrainReportOpts): Promise<string> {
  const { config, validation } = opts;
  const shown = singleDeformations(
    validation.slice(0, SHOWN_ALONE),
    config.deformations,
    config.seed,
  );
  return figures(
    opts,
    shown.map((sample) => ({ title: `${sample.deformation}: ${sample.volume}`, sample })),
    // With batch statistics a batch of one crop alone would be normalised by that crop.
    DEFORMATIONS_ALONE + 1,
  );
}

/**
 * Restores the samples and shows each one: original, deformed, restored.
 *
 * @param stride - Places between two samples of a batch; shares no factor with their number.
 */
async function figures(
  { model, config }: PretrainReportOpts,
  shown: readonly { readonly title: string; readonly sample: RestorationSample }[],
  stride = 1,
): Promise<string> {
  const crop = config.crop;
  const restored: Float32Array[] = [];
  const order = shown.map((_, n) => (n * stride) % shown.length);
  for (let first = 0; first < order.length; first += config.batch) {
    const group = order.slice(first, first + config.batch);
    const inputs = group.map((n) => shown[n].sample.input.data);
    const outputs = await applyNetwork(model, inputs, [...crop, 1]);
    for (const [place, n] of group.entries()) restored[n] = outputs[place];
  }
  const parts = shown.map(({ title, sample }, n) => {
    const output = ndarray(restored[n], [...crop]) as NdArray<Float32Array>;
    const before = meanSquares(sample.input.data, sample.target.data);
    const after = meanSquares(restored[n], sample.target.data);
    return sampleFigure({
      title,
      note: `MSE ${shortNumber(before)} → ${shortNumber(after)}`,
      columns: ['original', 'deformed', 'restored'],
      rows: ([2, 1] as SliceAxis[]).map((axis) => ({
        name: axis === 2 ? 'axial' : 'coronal',
        slices: [sample.target, sample.input, output].map((volume) =>
          graySlice(volume, axis, crop[axis] >> 1),
        ),
      })),
    });
  });
  return `<div class="samples">${parts.join('')}</div>`;
}

function meanSquares(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += (a[n] - b[n]) ** 2;
  return sum / a.length;
}
