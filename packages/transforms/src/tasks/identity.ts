import type { ProxyTask, VolumeOpts } from '../api.js';
import { defineTask } from './define-task.js';

/** Options of `identity`. */
export type IdentityOpts = VolumeOpts;

/** The plain auto-encoder: input and target are the crop. */
export function identity(options: IdentityOpts = {}): ProxyTask<Record<string, never>> {
  return defineTask<Record<string, never>>({
    name: 'identity',
    opts: options,
    draw: () => ({}),
    deform: () => undefined,
  });
}
