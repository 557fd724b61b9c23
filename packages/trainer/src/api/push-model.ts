import { readFile } from 'node:fs/promises';
import { isGenesisError } from '@genesis/core';
import { encodeModelFile, type ModelCard, type ModelFile } from '@genesis/inference';
import {
  MODEL_PACKAGE_FORMAT,
  type PictureRow,
  type PublishedModel,
  parseModelFacts,
  type TrainingFacts,
} from '@genesis/zoo/card';
import { writeModelPackage } from '@genesis/zoo/node';
import { readConfigFile } from '../config/read-config-file.js';
import { TrainerError } from '../errors.js';
import { intensities } from '../model/intensities.js';
import { chartImage } from '../report/chart-image.js';
import { lossCurves } from '../report/curves.js';
import { readSamples } from '../report/read-samples.js';
import { runPaths } from '../run/layout.js';
import { loadRun } from '../run/load-run.js';
import { type MetricsRecord, readMetrics, sortRecords } from '../run/metrics.js';
import { recipeHash, recipeOptions, withoutFolder } from '../run/recipe-of-run.js';
import { type RunInfo, readRunInfo } from '../run/run-info.js';
import { findTask } from '../tasks/registry.js';

/** Options of {@link pushModel}. */
export interface PushModelOpts {
  /** Folder of a run. */
  readonly run: string;
  /** Folder of the package: made, or brought up to date. */
  readonly out: string;
  /** What a person says of the model, JSON or YAML; see ModelFacts of `@genesis/zoo/card`. */
  readonly card: string;
  /** Of kernels; what is small stays float32. Default 'float16'. */
  readonly precision?: 'float16' | 'float32';
  /**
   * Samples of the report whose pictures go along. They show slices of the run's volumes, which their terms must allow to be shown.
   * Default 3.
   */
  readonly samples?: number;
}

const WEIGHTS = 'weights.safetensors';
const CURVE = 'pictures/curve.svg';

/** Points of the curve in a card. */
const MOST_POINTS = 32;

/**
 * Packs the best weights of a run with a card into a folder, ready for `npm publish` or a hub: `model.json`, `weights.safetensors`,
 * pictures, `README.md`, `package.json`. The same run and facts give the same bytes.
 *
 * @returns The card.
 * @throws TrainerError 'run-missing', 'run-broken', 'bad-config', 'weights' for values that halves cannot hold; HubError 'bad-card';
 *   GenesisError 'write-failed'.
 */
export async function pushModel(opts: PushModelOpts): Promise<PublishedModel> {
  const { run, out, card: factsFile, precision = 'float16', samples = 3 } = opts;
  const facts = parseModelFacts(await readConfigFile(factsFile), factsFile);
  const { info, weights } = await loadRun(run);
  const paths = runPaths(run);
  const runInfo = await readRunInfo(paths);
  if (runInfo === undefined) {
    throw new TrainerError(
      'run-missing',
      `${run} is no folder of a run: a package needs its options and its curve too`,
      { file: run },
    );
  }
  const options = recipeOptions(await readConfigFile(paths.config));
  const records = await readMetrics(paths.metrics);
  const contents = new Map<string, Uint8Array>();
  contents.set(WEIGHTS, encodeWeights({ card: info, weights }, precision, run));
  const curve = curveImage(info, records);
  if (curve !== undefined) contents.set(CURVE, Buffer.from(curve));
  const pictures = await sampleRows(paths.report, samples, contents);
  const card: Omit<PublishedModel, 'files'> = {
    format: MODEL_PACKAGE_FORMAT,
    ...facts,
    medicalDevice: false,
    model: JSON.parse(JSON.stringify(info)) as Record<string, unknown>,
    intensities: intensities(info.preparation),
    parameters: runInfo.parameters,
    precision,
    recipe: { command: findTask(info.kind).stage, options, sha256: recipeHash(options) },
    training: trainingOf(records, runInfo),
    weights: WEIGHTS,
    curve: curve === undefined ? undefined : CURVE,
    pictures,
  };
  return writeModelPackage(out, card, contents);
}

function encodeWeights(file: ModelFile, precision: 'float16' | 'float32', run: string): Uint8Array {
  // Biases, factors and statistics of normalisations have one axis: little to save, and a variance may be out of a half's range.
  const halve = (_: string, { dimension }: { readonly dimension: number }): boolean =>
    precision === 'float16' && dimension > 1;
  try {
    return encodeModelFile(file, {}, { halve });
  } catch (cause) {
    if (!isGenesisError(cause)) throw cause;
    throw new TrainerError('weights', `${run}: ${cause.message}`, { file: run, cause });
  }
}

function curveImage({ kind }: ModelCard, records: readonly MetricsRecord[]): string | undefined {
  const logarithmic = findTask(kind).stage === 'pretrain';
  const block = lossCurves({ ...sortRecords(records), lossName: 'loss', logarithmic });
  return block.kind === 'chart' ? chartImage(block.chart) : undefined;
}

/** The pictures of the run's report, into `contents`. */
async function sampleRows(
  report: string,
  count: number,
  contents: Map<string, Uint8Array>,
): Promise<PictureRow[]> {
  // A run that was broken off has no report.
  const page = count > 0 ? await readFile(report, 'utf8').catch(() => '') : '';
  return readSamples(page)
    .slice(0, count)
    .map(({ note, pictures }, n) => ({
      title: `Crop ${n + 1}${note === '' ? '' : `: ${note}`}`,
      pictures: pictures.map(({ name, png }, column) => {
        const path = `pictures/crop${n + 1}-${column + 1}.png`;
        contents.set(path, png);
        return { name, path };
      }),
    }));
}

function trainingOf(records: readonly MetricsRecord[], info: RunInfo): TrainingFacts {
  const { epochs } = sortRecords(records);
  const best = epochs.findLast((epoch) => epoch.best);
  const last = epochs.at(-1);
  const every = Math.max(1, Math.ceil(epochs.length / (MOST_POINTS - 1)));
  const shown = epochs.filter((epoch, n) => n % every === 0 || epoch === last);
  const finite = ([, value]: readonly [string, number]): boolean => Number.isFinite(value);
  return {
    epochs: last?.epoch ?? 0,
    steps: last?.step ?? 0,
    minutes: Math.round((last?.seconds ?? 0) / 6) / 10,
    volumes: {
      train: info.split.train.length,
      validation: info.split.validation.length,
    },
    best: {
      epoch: best?.epoch ?? 0,
      values: Object.fromEntries(
        Object.entries(best?.validation ?? {})
          .filter(finite)
          .map(([name, value]) => [name, fourDigits(value)]),
      ),
    },
    engine: info.engine.name,
    versions: info.versions,
    curve: shown.flatMap(({ epoch, step, trainLoss, validation }) =>
      [trainLoss, validation.loss].every(Number.isFinite)
        ? [
            {
              epoch,
              step,
              training: fourDigits(trainLoss),
              validation: fourDigits(validation.loss),
            },
          ]
        : [],
    ),
    start: info.transfer && withoutFolder(info.transfer.source),
  };
}

const fourDigits = (value: number): number => Number(value.toPrecision(4));
