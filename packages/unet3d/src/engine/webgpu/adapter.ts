import type { EngineDetails } from '../api.js';

interface Adapter {
  info?: {
    vendor?: string;
    architecture?: string;
    device?: string;
    description?: string;
    isFallbackAdapter?: boolean;
  };
}

interface Gpu {
  requestAdapter(opts?: object): Promise<Adapter | null>;
}

/**
 * What the WebGPU adapter says about itself.
 * @throws Error with the reason when there is no adapter.
 */
export async function describeAdapter(): Promise<EngineDetails> {
  const gpu = (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
  if (!gpu) throw new Error('this platform has no WebGPU (navigator.gpu is missing)');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new Error(
      'WebGPU finds no adapter: install a driver for the graphics processor (Vulkan on Linux), or Mesa ≥ 25 for a software one',
    );
  }
  const { vendor = '', architecture = '', device = '', description = '' } = adapter.info ?? {};
  return {
    vendor,
    architecture,
    device,
    description,
    fallback: adapter.info?.isFallbackAdapter === true,
  };
}

/** Whether an adapter computes on the processor (Mesa's llvmpipe/lavapipe, SwiftShader, WARP). */
export function isSoftware(details: EngineDetails): boolean {
  return (
    details.fallback === true ||
    /llvmpipe|lavapipe|swiftshader|basic render/i.test(
      `${details.device} ${details.description} ${details.architecture}`,
    )
  );
}
