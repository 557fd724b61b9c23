import type { Kernel, Launch, Range } from './kernel.js';

/** What every label of a kernel's objects starts with, so that the driver's messages name it. */
export const LABEL = 'genesis:';
const MOST_GROUPS = 8192;
const MOST_UNIFORMS = 8192;
const WORD = 4;

interface Compiled {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly id: number;
}

/** How often the device was asked for something. */
export interface Counts {
  dispatches: number;
  uploads: number;
  submits: number;
  pipelines: number;
  bindGroups: number;
}

/** Pipelines, bind groups and uniform buffers, each made once. */
export class Dispatcher {
  readonly counts: Counts = { dispatches: 0, uploads: 0, submits: 0, pipelines: 0, bindGroups: 0 };
  private readonly device: GPUDevice;
  private readonly layouts = new Map<string, GPUBindGroupLayout>();
  private readonly compiled = new Map<string, Compiled>();
  private readonly groups = new Map<string, GPUBindGroup>();
  private readonly uniforms = new Map<string, GPUBuffer>();
  private readonly ids = new WeakMap<GPUBuffer, number>();
  private lastId = 0;

  constructor(device: GPUDevice) {
    this.device = device;
  }

  /** Adds a launch to a pass. */
  encode(pass: GPUComputePassEncoder, { kernel, buffers, params, groups }: Launch): void {
    const compiled = this.compile(kernel);
    pass.setPipeline(compiled.pipeline);
    pass.setBindGroup(0, this.groupOf(kernel, compiled, buffers, params));
    pass.dispatchWorkgroups(...groups);
    this.counts.dispatches++;
  }

  private compile(kernel: Kernel): Compiled {
    const known = this.compiled.get(kernel.key);
    if (known) return known;
    const label = LABEL + kernel.name;
    const layout = this.layoutOf(kernel.access);
    const module = this.device.createShaderModule({ label, code: kernel.code() });
    const pipeline = this.device.createComputePipeline({
      label,
      layout: this.device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    });
    const compiled = { pipeline, layout, id: ++this.lastId };
    this.compiled.set(kernel.key, compiled);
    this.counts.pipelines++;
    return compiled;
  }

  private layoutOf(access: string): GPUBindGroupLayout {
    const known = this.layouts.get(access);
    if (known) return known;
    const types: GPUBufferBindingType[] = [...access].map((letter) =>
      letter === 'w' ? 'storage' : 'read-only-storage',
    );
    const layout = this.device.createBindGroupLayout({
      label: LABEL + access,
      entries: [...types, 'uniform' as const].map((type, binding) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type },
      })),
    });
    this.layouts.set(access, layout);
    return layout;
  }

  private groupOf(
    kernel: Kernel,
    { layout }: Compiled,
    buffers: readonly Range[],
    params: readonly number[],
  ): GPUBindGroup {
    const uniform = this.uniformOf(params);
    const ranges = [...buffers, { buffer: uniform, offset: 0, size: uniform.size }];
    const parts = ranges.map(
      ({ buffer, offset, size }) => `${this.idOf(buffer)}:${offset}:${size}`,
    );
    const key = `${kernel.access}|${parts.join('|')}`;
    const known = this.groups.get(key);
    if (known) return known;
    if (this.groups.size >= MOST_GROUPS) this.groups.clear();
    const group = this.device.createBindGroup({
      label: LABEL + kernel.name,
      layout,
      entries: ranges.map((resource, binding) => ({ binding, resource })),
    });
    this.groups.set(key, group);
    this.counts.bindGroups++;
    return group;
  }

  /** A buffer that holds these words, the same for equal ones, so that a step that repeats uploads none. */
  private uniformOf(params: readonly number[]): GPUBuffer {
    const key = params.join();
    const known = this.uniforms.get(key);
    if (known) return known;
    if (this.uniforms.size >= MOST_UNIFORMS) this.uniforms.clear();
    const buffer = this.device.createBuffer({
      label: `${LABEL}parameters`,
      size: Math.max(16, Math.ceil((params.length * WORD) / 16) * 16),
      usage: GPUBufferUsage.UNIFORM,
      mappedAtCreation: true,
    });
    new Uint32Array(buffer.getMappedRange()).set(params);
    buffer.unmap();
    this.counts.uploads++;
    this.uniforms.set(key, buffer);
    return buffer;
  }

  private idOf(buffer: GPUBuffer): number {
    const known = this.ids.get(buffer);
    if (known !== undefined) return known;
    const id = ++this.lastId;
    this.ids.set(buffer, id);
    return id;
  }
}
