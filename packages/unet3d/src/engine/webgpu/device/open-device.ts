import { WebGpuError } from '../../../errors.js';

/** A device of our own and the adapter that it belongs to. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
}

/** What is asked for in full; everything else keeps WebGPU's defaults. */
const RAISED = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Taken where the adapter has them. */
const FEATURES = ['timestamp-query', 'shader-f16', 'subgroups'];

/**
 * Opens the fastest adapter with all that it allows: the stock back end asks for neither its features nor its buffers.
 * @throws WebGpuError when there is no adapter.
 */
export async function openDevice(): Promise<OpenDevice> {
  const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
  const adapter = await navigator?.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new WebGpuError('gpu-lost', 'WebGPU finds no adapter any more.');
  const requiredLimits: Record<string, number> = {};
  for (const name of RAISED) requiredLimits[name] = Number(adapter.limits[name]);
  const requiredFeatures = FEATURES.filter((name) =>
    adapter.features.has(name),
  ) as GPUFeatureName[];
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  const { info } = adapter as GPUAdapter & { info?: GPUAdapterInfo };
  return { device, info: info ?? (await adapter.requestAdapterInfo()) };
}
