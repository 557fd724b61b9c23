import type { StridedArray } from '@genesis/core';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import type { NamedTensorLikes } from '../api.js';
import { UNet3dError } from '../errors.js';
import { floatsOf } from '../tensor/floats-of.js';
import { namedWeights } from './weight-name.js';

/** A weight that was found under its name but does not fit. */
export interface MismatchedWeight {
  /** Our name. */
  name: string;
  /** Shape of the model's weight. */
  expected: number[];
  /** Shape of what was offered. */
  found: number[];
  /** What does not fit. */
  reason: string;
}

/** What happened to each weight of the model and to each tensor that was offered. */
export interface LoadReport {
  /** Weights of the model that were set. */
  matched: string[];
  /** Weights of the model for which nothing was offered; they keep their values. */
  missing: string[];
  /** Offered tensors that the model has no weight for. */
  unexpected: string[];
  /** Offered tensors of another shape, or with NaN or infinite values; not set. */
  mismatched: MismatchedWeight[];
}

/** Weights were not loaded completely and `partial` did not allow it; nothing was changed. */
export class LoadWeightsError extends UNet3dError<'weights-do-not-match'> {
  override readonly name = 'LoadWeightsError';
  /** What became of each weight. */
  readonly report: LoadReport;

  constructor(report: LoadReport) {
    super('weights-do-not-match', describe(report));
    this.report = report;
  }
}

/** What {@link setWeights} accepts. */
export interface SetWeightsOpts {
  /** Accept that some weights of the model are missing or do not fit (they stay as they are), default false. */
  partial?: boolean;
}

/**
 * Sets a model's weights from tensors by stable name and reports on each. With `partial: false`
 * either all weights are set or none: unless every weight of the model is matched it throws.
 * Unexpected tensors are only reported.
 * @throws LoadWeightsError also with `partial` when not a single weight matched.
 */
export function setWeights(
  model: tfl.LayersModel,
  tensors: NamedTensorLikes,
  opts: SetWeightsOpts = {},
): LoadReport {
  const weights = namedWeights(model);
  const report: LoadReport = { matched: [], missing: [], unexpected: [], mismatched: [] };
  for (const [name, weight] of weights) {
    const found = tensors.get(name);
    if (!found) {
      report.missing.push(name);
      continue;
    }
    const expected = weight.shape as number[];
    const reason = misfit(expected, found);
    if (reason) report.mismatched.push({ name, expected, found: [...found.shape], reason });
    else report.matched.push(name);
  }
  report.unexpected = [...tensors.keys()].filter((name) => !weights.has(name));
  const complete = report.missing.length === 0 && report.mismatched.length === 0;
  if (report.matched.length === 0 || (!complete && !opts.partial))
    throw new LoadWeightsError(report);
  for (const name of report.matched) {
    const found = tensors.get(name)!;
    const tensor = tf.tensor(floatsOf(found), [...found.shape], 'float32');
    weights.get(name)!.write(tensor);
    tensor.dispose();
  }
  return report;
}

function misfit(expected: number[], found: StridedArray): string | null {
  const { shape } = found;
  if (expected.length !== shape.length)
    return `has ${shape.length} axes instead of ${expected.length}`;
  if (expected.some((n, axis) => n !== shape[axis])) return 'has another shape';
  return floatsOf(found).every(Number.isFinite) ? null : 'holds NaN or infinite values';
}

function describe({ matched, missing, mismatched, unexpected }: LoadReport): string {
  const total = matched.length + missing.length + mismatched.length;
  if (matched.length === 0 && mismatched.length === 0) {
    const there = unexpected.slice(0, 3).join(', ');
    return (
      `None of the model's ${total} weights is among those offered ` +
      `(${there ? `they are called ${there}, …` : 'there are none'}; the model's first is ${missing[0]}). ` +
      'Map the names first, or take weights of such a network.'
    );
  }
  const first = mismatched[0]
    ? `${mismatched[0].name} ${mismatched[0].reason} ([${mismatched[0].found}], model: [${mismatched[0].expected}])`
    : `${missing[0]} is missing`;
  return (
    `Only ${matched.length} of the model's ${total} weights match (${missing.length} missing, ` +
    `${mismatched.length} do not fit; first: ${first}). Build the model with the options that the ` +
    'weights were made with, map official names first, or allow a partial load.'
  );
}
