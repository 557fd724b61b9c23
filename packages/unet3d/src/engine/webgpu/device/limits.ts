import { WebGpuError } from '../../../errors.js';
import type { Launch } from './kernel.js';

/** What a device allows; smaller numbers may be put in, to see that what is too large is cut into parts. */
export interface Limits {
  /** Bytes of one storage binding. */
  binding: number;
  /** Bytes of one buffer. */
  buffer: number;
  /** Storage buffers of one kernel. */
  storageBuffers: number;
  /** Workgroups along one axis. */
  groups: number;
  /** Bytes that the start of a binding must be a multiple of. */
  readonly alignment: number;
}

/** The limits of a device. */
export function limitsOf({ limits }: GPUDevice): Limits {
  return {
    binding: Number(limits.maxStorageBufferBindingSize),
    buffer: Number(limits.maxBufferSize),
    storageBuffers: limits.maxStorageBuffersPerShaderStage,
    groups: limits.maxComputeWorkgroupsPerDimension,
    alignment: limits.minStorageBufferOffsetAlignment,
  };
}

/**
 * Refuses a launch that the device would drop without a word.
 * @throws WebGpuError naming the kernel.
 */
export function checkLaunch({ kernel, buffers, groups }: Launch, limits: Limits): void {
  const refuse = (what: string): never => {
    throw new WebGpuError('gpu-limit', `Kernel ${kernel.name} ${what}.`, kernel.name);
  };
  if (buffers.length > limits.storageBuffers) {
    refuse(`needs ${buffers.length} storage buffers, the adapter allows ${limits.storageBuffers}`);
  }
  for (const { size } of buffers) {
    if (size > limits.binding) {
      refuse(`binds ${size} bytes at once, the adapter allows ${limits.binding}`);
    }
  }
  for (const count of groups) {
    if (count > limits.groups) {
      refuse(`needs ${count} workgroups along an axis, the adapter allows ${limits.groups}`);
    }
  }
}
