import { type BackendValues, type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { WebGpuError } from '../../../errors.js';
import { isSoftware } from '../adapter.js';
import { BufferPool } from './buffer-pool.js';
import { Choices } from './choices.js';
import { type Counts, Dispatcher } from './dispatcher.js';
import { Failures } from './failures.js';
import type { Launch, Range } from './kernel.js';
import { checkLaunch, type Limits, limitsOf } from './limits.js';
import type { StockBackend, StockBackendClass, StockProgram } from './stock-backend.js';

/** Dispatches in one submission at most. */
export const MOST_DISPATCHES = 64;
/** Floating-point operations in one submission at most: a tenth of a second of a small card, far from any watchdog's patience. */
export const MOST_WORK = 1e11;
const BYTES = 4;

/** The back end of the `webgpu` engine: the stock one with its own device, dispatch, buffers and errors. */
export interface GenesisBackend extends StockBackend {
  /** Which of several kernels for the same thing is taken. */
  readonly choices: Choices;
  /** Whether the adapter computes on the processor. */
  readonly software: boolean;
  /** May be lowered, see {@link Limits}. */
  readonly limits: Limits;
  readonly pool: BufferPool;
  readonly counts: Counts;
  /** A new tensor with memory and no values. */
  output(shape: readonly number[], dtype?: DataType): TensorInfo;
  /** All of a tensor's memory. */
  whole(tensor: TensorInfo): Range;
  /** Runs a kernel. @throws WebGpuError */
  launch(launch: Launch): void;
  /** Hands what is recorded to the device. */
  flush(): void;
  /** Throws the first failure of the device, when there was one. @throws WebGpuError */
  check(): void;
}

/** Its class, on top of the stock package's. */
export function backendClass(
  Stock: StockBackendClass,
): new (
  device: GPUDevice,
  info: GPUAdapterInfo,
) => GenesisBackend {
  return class GenesisWebGpuBackend extends Stock implements GenesisBackend {
    readonly choices = new Choices();
    readonly software: boolean;
    readonly limits: Limits;
    readonly pool: BufferPool;
    private readonly dispatcher: Dispatcher;
    private readonly failures: Failures;
    private work = 0;

    constructor(device: GPUDevice, info: GPUAdapterInfo) {
      super(device, info);
      this.software = isSoftware(info);
      this.limits = limitsOf(device);
      this.dispatcher = new Dispatcher(device);
      this.pool = new BufferPool((descriptor) => this.makeBuffer(descriptor));
      this.bufferManager = this.pool;
      this.failures = new Failures(
        device,
        () => `${this.pool.numBytesAllocated} bytes allocated, ${this.pool.numBytesUsed} in use`,
      );
    }

    get counts(): Counts {
      return this.dispatcher.counts;
    }

    /** Nothing is deferred until the next submission: the pool may give buffers out at once. */
    get commandQueueOwnedIds(): { add(id: object): void; has(id: object): boolean } {
      return { add: () => undefined, has: () => false };
    }

    set commandQueueOwnedIds(_: unknown) {
      // The stock back end makes a new set for each submission.
    }

    output(shape: readonly number[], dtype: DataType = 'float32'): TensorInfo {
      const info = this.makeTensorInfo([...shape], dtype);
      this.uploadToGPU(info.dataId);
      return info;
    }

    whole(tensor: TensorInfo): Range {
      this.uploadToGPU(tensor.dataId);
      const { resource } = this.tensorMap.get(tensor.dataId);
      const size = Math.max(16, Math.ceil((util.sizeFromShape(tensor.shape) * BYTES) / 16) * 16);
      return { buffer: resource as GPUBuffer, offset: 0, size };
    }

    launch(launch: Launch): void {
      this.check();
      checkLaunch(launch, this.limits);
      this.ensureCommandEncoderReady();
      this.computePassEncoder ??= this.commandEncoder?.beginComputePass() ?? null;
      if (this.computePassEncoder) this.dispatcher.encode(this.computePassEncoder, launch);
      this.dispatchCountInPass++;
      this.work += launch.work ?? 0;
      if (this.dispatchCountInPass >= MOST_DISPATCHES || this.work >= MOST_WORK) this.flush();
    }

    flush(): void {
      if (!this.commandEncoder) return;
      this.endComputePassEncoder();
      this.submitQueue();
    }

    check(): void {
      this.failures.check();
    }

    override runWebGPUProgram(program: StockProgram, ...rest: unknown[]): TensorInfo {
      this.check();
      this.counts.dispatches++;
      // Its numbers.
      this.counts.uploads++;
      return super.runWebGPUProgram(program, ...rest);
    }

    override submitQueue(): void {
      this.pool.submission++;
      this.work = 0;
      this.counts.submits++;
      super.submitQueue();
      this.failures.submitted();
    }

    override uploadToGPU(dataId: object): void {
      const data = this.tensorMap.get(dataId);
      if (data.resource != null) return;
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
      const size = util.sizeFromShape(data.shape) * BYTES;
      const { values } = data;
      const buffer = this.pool.acquireBuffer(size, usage, false, true, values != null);
      if (values != null) {
        const words =
          data.dtype === 'float32'
            ? Float32Array.from(values as ArrayLike<number>)
            : Int32Array.from(values as ArrayLike<number>);
        this.queue.writeBuffer(buffer, 0, words);
        this.counts.uploads++;
        // The device's copy is the tensor from here on.
        data.values = null;
      }
      data.resource = buffer;
    }

    override tensorToBinding(tensor: TensorInfo): object | null {
      return this.tensorMap.get(tensor?.dataId)?.resource instanceof GPUBuffer
        ? this.whole(tensor)
        : super.tensorToBinding(tensor);
    }

    override async read(dataId: object): Promise<BackendValues> {
      this.check();
      const { values, dtype, shape, resource } = this.tensorMap.get(dataId);
      if (values != null) return values;
      if (dtype === 'complex64' || dtype === 'string' || !(resource instanceof GPUBuffer)) {
        return super.read(dataId);
      }
      const bytes = util.sizeFromShape(shape) * BYTES;
      if (bytes === 0) return util.getTypedArrayFromDType(dtype as 'float32', 0);
      const staging = this.pool.acquireBuffer(
        bytes,
        GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
      );
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      this.commandEncoder?.copyBufferToBuffer(resource, 0, staging, 0, bytes);
      this.submitQueue();
      const refused = await staging.mapAsync(GPUMapMode.READ).then(
        () => undefined,
        (error: Error) => error,
      );
      await this.failures.settle();
      if (refused) {
        // What happened to the device is told a moment later.
        await new Promise((resolve) => setTimeout(resolve, 50));
        this.check();
        throw this.failures.record(
          new WebGpuError(
            'gpu-internal',
            `A result could not be read: ${refused.message}`,
            undefined,
            { cause: refused },
          ),
        );
      }
      const copy = staging.getMappedRange(0, bytes).slice(0);
      staging.unmap();
      this.pool.releaseBuffer(staging);
      const read = util.convertBackendValuesAndArrayBuffer(copy, dtype) as BackendValues;
      if (this.tensorMap.has(dataId)) this.tensorMap.get(dataId).values = read;
      return read;
    }

    override readSync(dataId: object): BackendValues {
      this.check();
      const { values } = this.tensorMap.get(dataId);
      if (values == null && !('OffscreenCanvas' in globalThis)) {
        throw new WebGpuError(
          'gpu-sync-read',
          'The webgpu engine cannot wait for values: read them with `await tensor.data()`, not `dataSync()`.',
        );
      }
      return super.readSync(dataId);
    }

    private makeBuffer(descriptor: GPUBufferDescriptor): GPUBuffer {
      const { size } = descriptor;
      if (size > this.limits.buffer) {
        throw new WebGpuError(
          'gpu-limit',
          `A tensor of ${size} bytes does not fit a buffer, of which the adapter allows ${this.limits.buffer} bytes: take a smaller batch or crop.`,
        );
      }
      return this.device.createBuffer(descriptor);
    }
  };
}
