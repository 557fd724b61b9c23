import type { NdArray } from 'ndarray';
import { plural } from '../../plural.js';
import type { Block, ReportData, SampleFigure, Section } from '../../report/api.js';
import { configTable } from '../../report/config-table.js';
import { lossCurves, validationCurves } from '../../report/curves.js';
import { duration } from '../../report/duration.js';
import { graySlice, type SliceAxis } from '../../report/slices.js';
import { shortNumber } from '../../report/ticks.js';
import { type EpochRecord, type MetricsRecord, sortRecords } from '../../run/metrics.js';
import type { SplitNames } from '../../run/run-info.js';
import type { Illustrations, RestoredSample } from './evaluation.js';
import type { PretrainConfig } from './options.js';
import type { SingleDeformation } from './single-deformations.js';

export interface PretrainReportOpts extends Illustrations {
  readonly records: readonly MetricsRecord[];
  readonly config: PretrainConfig;
  readonly split: SplitNames;
}

/**
 * A page with the loss curves and validation crops: original, deformed, restored, first by each deformation of the
 * preset alone, then as the network is validated.
 */
export function pretrainReport(opts: PretrainReportOpts): ReportData {
  const { config, split, alone, samples } = opts;
  const { steps, epochs } = sortRecords(opts.records);
  const last = epochs.at(-1);
  const best = epochs.findLast((epoch) => epoch.best);
  const identity = last?.validation.identityMse ?? Number.NaN;
  const constant = last?.validation.constantMse ?? Number.NaN;
  // Then the loss is more than an error of restoring.
  const isPlaced = config.places > 0 || config.regions > 0;
  return {
    title: 'Pre-training: restoring deformed crops',
    lead: `${plural(split.train.length, 'volume')} to train on, ${split.validation.length} for validation; crops of ${config.crop.join(' × ')} voxels.`,
    cards: [
      {
        value: explainedText(best?.validation.explained),
        label: 'variance explained (best epoch); 0 is a constant',
      },
      {
        value: explainedText(best?.validation.explainedDeformed),
        label: 'of it inside deformed voxels',
      },
      {
        value: best ? shortNumber(restoringMse(best.validation)) : '–',
        label: 'validation MSE (best epoch)',
      },
      { value: shortNumber(identity), label: 'MSE of the deformed input itself' },
      { value: shortNumber(constant), label: 'MSE of the best constant' },
      {
        value: String(last?.epoch ?? 0),
        label: `${last?.epoch === 1 ? 'epoch' : 'epochs'}, ${plural(last?.step ?? 0, 'step')}`,
      },
      { value: last ? duration(last.seconds) : '–', label: 'training time' },
    ],
    sections: [
      {
        title: 'Loss',
        blocks: [
          lossCurves({
            steps,
            epochs,
            lossName: isPlaced ? 'loss' : 'mean squared error',
            baselines: isPlaced
              ? []
              : [
                  { key: 'identityMse', name: 'deformed input' },
                  { key: 'constantMse', name: 'best constant' },
                ],
            logarithmic: true,
          }),
          validationCurves(epochs, 'variance explained', [
            { key: 'explained', name: 'all voxels' },
            { key: 'explainedDeformed', name: 'deformed voxels' },
          ]),
          ...(isPlaced
            ? [
                validationCurves(
                  epochs,
                  'where a voxel lies',
                  [
                    { key: 'explainedPlaces', name: 'variance of places explained' },
                    { key: 'regionAccuracy', name: 'region told right' },
                    { key: 'regionChance', name: 'always the most frequent region' },
                  ].filter(({ key }) => last?.validation[key] !== undefined),
                ),
              ]
            : []),
        ],
      },
      ...aloneSection(alone),
      {
        title: 'Validation crops',
        blocks: [
          { kind: 'samples', samples: samples.map((sample) => figure(sample.volume, sample)) },
        ],
      },
      {
        title: 'Learning rate and data',
        blocks: [splitFacts(last, split)],
      },
      { title: 'Options', blocks: [configTable(config)] },
    ],
  };
}

/** The mean squared error of what was restored, which is the loss where nothing else was asked for. */
export function restoringMse(validation: Readonly<Record<string, number>>): number {
  return validation.restoringMse ?? validation.loss;
}

/** 0.617 as '61.7 %'; '–' where there is none. */
export function explainedText(explained: number | undefined): string {
  return explained === undefined ? '–' : `${(100 * explained).toFixed(1)} %`;
}

/** The last learning rate, and which volumes are on each side of the split. */
export function splitFacts(last: EpochRecord | undefined, split: SplitNames): Block {
  return {
    kind: 'facts',
    facts: [
      ['learning rate (last epoch)', shortNumber(last?.learningRate ?? Number.NaN)],
      ['trained on', split.train.join(', ')],
      ['validated with', split.validation.join(', ')],
    ],
  };
}

function aloneSection(alone: readonly RestoredSample<SingleDeformation>[]): Section[] {
  if (alone.length === 0) return [];
  const samples = alone.map((sample) => figure(`${sample.deformation}: ${sample.volume}`, sample));
  return [{ title: 'Each deformation alone', blocks: [{ kind: 'samples', samples }] }];
}

/** A sample: original, deformed, restored. */
function figure(title: string, sample: RestoredSample): SampleFigure {
  const { input, target, restored, hidden } = sample;
  const before = meanSquares(input.data, target.data, hidden);
  const after = meanSquares(restored.data, target.data, hidden);
  const columns: readonly NdArray<Float32Array>[] = [target, input, restored];
  return {
    title,
    note: `MSE ${shortNumber(before)} → ${shortNumber(after)}`,
    columns: ['original', 'deformed', 'restored'],
    rows: ([2, 1] as SliceAxis[]).map((axis) => ({
      name: axis === 2 ? 'axial' : 'coronal',
      slices: columns.map((volume) => graySlice(volume, axis, volume.shape[axis] >> 1)),
    })),
  };
}

/** Over all voxels, or over those where `among` is not 0. */
function meanSquares(a: Float32Array, b: Float32Array, among?: Float32Array): number {
  let sum = 0;
  let count = 0;
  for (let n = 0; n < a.length; n++) {
    if (among?.[n] === 0) continue;
    sum += (a[n] - b[n]) ** 2;
    count++;
  }
  return sum / count;
}
