import { WebGpuError, type WebGpuErrorCode } from '../../../errors.js';
import { LABEL } from './dispatcher.js';

/** Of what the driver says. */
const MOST_LINES = 4;

const FILTERS: readonly [GPUErrorFilter, WebGpuErrorCode][] = [
  ['validation', 'gpu-validation'],
  ['out-of-memory', 'gpu-out-of-memory'],
  ['internal', 'gpu-internal'],
];

/**
 * Hears what the device says of failures, which it never throws: error scopes lie around everything from one submission to the next,
 * and the first failure is kept.
 */
export class Failures {
  private readonly device: GPUDevice;
  private readonly describe: () => string;
  private first: WebGpuError | undefined;
  private pending: Promise<void>[] = [];

  /** @param describe - What is in use when memory ran out. */
  constructor(device: GPUDevice, describe: () => string) {
    this.device = device;
    this.describe = describe;
    this.open();
    device.lost.then(({ reason, message }) => {
      const why = message || reason || 'no reason given';
      this.record(
        new WebGpuError('gpu-lost', `The graphics device was lost: ${why.split('\n')[0]}`),
      );
    });
    device.addEventListener('uncapturederror', (event) => {
      const { error } = event as Event & { error: GPUError };
      this.record(this.errorOf('gpu-validation', error.message));
    });
  }

  /** Throws the first failure, when there was one. @throws WebGpuError */
  check(): void {
    if (this.first) throw this.first;
  }

  /** Keeps a failure, unless there was one before; returns the one that is kept. */
  record(error: WebGpuError): WebGpuError {
    this.first ??= error;
    return this.first;
  }

  /** To be called after each submission: asks what was wrong with it. */
  submitted(): void {
    for (const [, code] of [...FILTERS].reverse()) {
      const asked = this.device.popErrorScope().then(
        (error) => {
          if (error) this.record(this.errorOf(code, error.message));
        },
        // A lost device has no scopes; that it is lost is told above.
        () => undefined,
      );
      this.pending.push(asked);
    }
    this.open();
  }

  /** Waits until the device has said what was wrong with all that was submitted. @throws WebGpuError */
  async settle(): Promise<void> {
    const asked = this.pending;
    this.pending = [];
    await Promise.all(asked);
    this.check();
  }

  private open(): void {
    for (const [filter] of FILTERS) this.device.pushErrorScope(filter);
  }

  private errorOf(code: WebGpuErrorCode, said: string): WebGpuError {
    const message = said.split('\n').slice(0, MOST_LINES).join('\n').trim();
    const kernel = new RegExp(`${LABEL}([^"]+)"`).exec(said)?.[1];
    const named = kernel ? `Kernel ${kernel}` : 'A kernel';
    const text =
      code === 'gpu-out-of-memory'
        ? `The graphics device is out of memory (${this.describe()}): take a smaller batch or crop. ${message}`
        : `${named} failed on the graphics device: ${message}`;
    return new WebGpuError(code, text, kernel);
  }
}
