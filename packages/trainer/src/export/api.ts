import type { ModelCard } from '@genesis/inference';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A trained network that is to be written in another form. */
export interface ExportSource {
  readonly card: ModelCard;
  /** Stays the caller's. */
  readonly model: LayersModel;
  /** What it is called, such as the name of the run's folder. */
  readonly name: string;
  /** Whether weights are written as halves. */
  readonly half: boolean;
}

/** What is written: contents by their paths below the folder. */
export type ExportFiles = ReadonlyMap<string, Uint8Array | string>;

/** Makes the files of one format. */
export type ExportWriter = (source: ExportSource) => Promise<ExportFiles>;
