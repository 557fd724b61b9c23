import type { EngineName } from '@genesis/unet3d';
import type { LayoutName } from '../data/layouts/api.js';
import { openEngine } from '../model/open-engine.js';
import { slowEngineLine } from '../model/slow-engine.js';
import type { CaseProgress } from '../tasks/common/task.js';
import { type Ensemble, type EnsembleOpts, loadEnsemble } from './load-ensemble.js';

/** What {@link predict} and {@link evaluate} have in common: which networks are applied, how, and who is told. */
export interface ApplyOpts extends EnsembleOpts {
  /** How the dataset lies on disk. Default 'auto': as it looks. */
  readonly layout?: LayoutName | 'auto';
  /** Share of a window that its neighbour covers too, 0…0.95. Default 0.5. */
  readonly overlap?: number;
  /** Take images that lack a channel: it is 0 everywhere after normalization. Default: as in training. */
  readonly allowMissingChannels?: boolean;
  /** Resample channels that lie on other grids onto that of the first. Default: as in training. */
  readonly resampleChannels?: boolean;
  /** What to do with NaN and infinities: refuse the volume, or take them as 0. Default: as in training. */
  readonly nonFinite?: 'error' | 'zero';
  /** What computes. Default 'auto'. */
  readonly engine?: EngineName | 'auto';
  /** Threads of the native engine. Default: all cores. */
  readonly threads?: number;
  /** Stop at a volume that cannot be used, instead of leaving it out with a warning. Default false. */
  readonly strict?: boolean;
  /** Told what was left out, and what the reader noted about a volume. */
  readonly onWarning?: (text: string) => void;
  /** Told what is fetched of a published model, and on which terms it may be used. */
  readonly onNote?: (text: string) => void;
  /** Called after each volume. */
  readonly onCase?: (progress: CaseProgress) => void;
}

/**
 * Chooses what computes, says so where it is slow, and loads the networks on it.
 *
 * @throws TrainerError as loadEnsemble, EngineUnavailableError.
 */
export async function openEnsemble(opts: ApplyOpts): Promise<Ensemble> {
  const engine = await openEngine({ engine: opts.engine ?? 'auto', threads: opts.threads });
  const slow = slowEngineLine(engine);
  if (slow !== undefined) opts.onWarning?.(slow);
  return loadEnsemble(opts, opts);
}
