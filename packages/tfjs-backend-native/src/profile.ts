import type { KernelProfile } from './api.js';

const entries = new Map<string, KernelProfile>();
let running = false;

/** Begins to measure every kernel of the native back end in this thread; earlier figures are dropped. */
export function startNativeProfile(): void {
  entries.clear();
  running = true;
}

/** Ends measuring. Returns the time spent per kernel, the longest first. */
export function stopNativeProfile(): KernelProfile[] {
  running = false;
  return [...entries.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

export function profiling(): boolean {
  return running;
}

export function record(kernel: string, path: KernelProfile['path'], milliseconds: number): void {
  const key = `${kernel} ${path}`;
  const entry = entries.get(key) ?? { kernel, path, calls: 0, milliseconds: 0 };
  entry.calls++;
  entry.milliseconds += milliseconds;
  entries.set(key, entry);
}
