import type { Engine } from '@genesis/unet3d';
import type { TrainingConfig } from '../config/fields.js';
import type { Run } from '../run/open-run.js';
import type { RunInfo } from '../run/run-info.js';
import type { OnEvent } from './events.js';
import type { LoopContext } from './loop-context.js';
import type { TrainingObserver } from './observer.js';
import type { Replicas } from './replicas/replicas.js';

/** What a caller of a training command can watch and steer. */
export interface TrainingHooks {
  /** Called with all that happens; plain data, for a progress bar, a log or a notebook. */
  readonly onEvent?: OnEvent;
  /** Aborted: finish the step, save, and resolve with the reason 'interrupted'. */
  readonly signal?: AbortSignal;
  /** The processes that train together. Default: this one alone. */
  readonly replicas?: Replicas;
  /** Observers beside the run's own; what they return from `state` is in the checkpoint. */
  readonly observers?: readonly TrainingObserver[];
}

/** Everything that the parts of one run share, from the command to the single step. */
export interface RunContext<C extends TrainingConfig = TrainingConfig> extends LoopContext {
  /** The resolved options. */
  readonly config: C;
  /** The folder, locked for this process. */
  readonly run: Run;
  /** What run.json says, when the run is resumed: its split, classes and data hold. */
  readonly previous?: RunInfo;
  readonly engine: Engine;
  /** The caller's observers. */
  readonly observers: readonly TrainingObserver[];
  /** Tells the caller what happens. */
  readonly emit: OnEvent;
}
