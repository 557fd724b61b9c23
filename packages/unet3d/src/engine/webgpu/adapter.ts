/** What a WebGPU adapter says about itself. */
export type AdapterDetails = {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  fallback: boolean;
  /** Whether it computes on the processor (Mesa's llvmpipe/lavapipe, SwiftShader, WARP). */
  software: boolean;
};

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
 * Asks for the fastest WebGPU adapter.
 * @throws Error with the reason when there is no adapter.
 */
export async function describeAdapter(): Promise<AdapterDetails> {
  const gpu = (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
  if (!gpu) throw new Error('this platform has no WebGPU (navigator.gpu is missing)');
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new Error(
      'WebGPU finds no adapter: install a driver for the graphics processor (Vulkan on Linux), or Mesa ≥ 25 for a software one',
    );
  }
  const { vendor = '', architecture = '', device = '', description = '' } = adapter.info ?? {};
  const fallback = adapter.info?.isFallbackAdapter === true;
  const software = isSoftware(adapter.info ?? {});
  return { vendor, architecture, device, description, fallback, software };
}

/** Whether an adapter computes on the processor. */
export function isSoftware(info: NonNullable<Adapter['info']>): boolean {
  const { architecture = '', device = '', description = '' } = info;
  return (
    info.isFallbackAdapter === true ||
    /llvmpipe|lavapipe|swiftshader|basic render/i.test(`${device} ${description} ${architecture}`)
  );
}
