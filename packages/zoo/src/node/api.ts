import type { PublishedModel } from '../card/api.js';
import type { ClientOpts, DownloadProgress } from './http/api.js';
import type { HubSettings } from './settings.js';

export interface HubOpts extends Partial<HubSettings>, ClientOpts {
  /** Told how far a download is. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told once for each model on which terms it may be used, and what is waited for. */
  readonly onNote?: (text: string) => void;
}

/** A model that is on this machine, every byte checked. */
export interface LocalModel {
  /** Path of the weights. */
  readonly weights: string;
  /** Where it came from, as one says it. */
  readonly source: string;
  /** Folder of the package; left out for weights alone. */
  readonly folder?: string;
  /** Its card; left out for weights alone, of which nothing is known. */
  readonly card?: PublishedModel;
}
