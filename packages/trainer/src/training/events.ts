import type { EpochResult, StepProgress, StopReason } from './api.js';

/** What a training command tells as it goes; plain data, for a progress bar, a log or a notebook. */
export type TrainingEvent =
  | { readonly type: 'note' | 'warning'; readonly text: string }
  | {
      readonly type: 'begin';
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      /** Steps done before, in a resumed run. */
      readonly step: number;
      readonly maxSeconds?: number;
    }
  | { readonly type: 'step'; readonly progress: StepProgress }
  | { readonly type: 'epoch'; readonly result: EpochResult }
  | { readonly type: 'end'; readonly reason: StopReason };

export type OnEvent = (event: TrainingEvent) => void;
