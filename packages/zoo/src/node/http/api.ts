/** How patient a client is. */
export interface ClientOpts {
  /** Without a byte for this long a connection is given up, in milliseconds. Default 30 000. */
  readonly idleMs?: number;
  /** Waited before the first of the next attempts, in milliseconds; doubles with each. Default 500. */
  readonly retryMs?: number;
  /** Attempts that bring nothing new before it is given up. Default 5. */
  readonly attempts?: number;
}

/** How far a download is. */
export interface DownloadProgress {
  readonly url: string;
  /** Bytes that are here. */
  readonly received: number;
  /** Bytes in all, where the server says it. */
  readonly total?: number;
}
