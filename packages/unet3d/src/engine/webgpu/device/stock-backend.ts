import type {
  BackendValues,
  DataStorage,
  DataType,
  KernelBackend,
  TensorInfo,
} from '@tensorflow/tfjs-core';

/** What the stock back end knows of a tensor. */
export interface TensorData {
  values: BackendValues | null;
  dtype: DataType;
  shape: number[];
  resource?: GPUBuffer | GPUTexture | GPUExternalTexture | null;
  complexTensorInfos?: { real: TensorInfo; imag: TensorInfo };
}

/** Where the stock back end gets its buffers. */
export interface BufferManager {
  numBytesUsed: number;
  numBytesAllocated: number;
  acquireBuffer(
    size: number,
    usage: GPUBufferUsageFlags,
    mappedAtCreation?: boolean,
    reuse?: boolean,
  ): GPUBuffer;
  releaseBuffer(buffer: GPUBuffer, reuse?: boolean): void;
  dispose(): void;
}

/**
 * The parts of `WebGPUBackend` of tfjs-backend-webgpu 4.22.0 that are used here. Some are private there, which is why that version is
 * pinned; nothing outside this folder knows them.
 */
export interface StockBackend extends KernelBackend {
  device: GPUDevice;
  queue: GPUQueue;
  tensorMap: DataStorage<TensorData>;
  bufferManager: BufferManager;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  uniformPendingDisposal: GPUBuffer[];
  stagingPendingDisposal: GPUBuffer[];
  tensorDataPendingDisposal: object[];
  makeTensorInfo(shape: number[], dtype: DataType, values?: BackendValues): TensorInfo;
  disposeData(dataId: object, force?: boolean): boolean;
  incRef(dataId: object): void;
  uploadToGPU(dataId: object): void;
  tensorToBinding(tensor: TensorInfo): object | null;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  read(dataId: object): Promise<BackendValues>;
  readSync(dataId: object): BackendValues;
  runWebGPUProgram(program: StockProgram, ...rest: unknown[]): TensorInfo;
  dispose(): void;
}

/** A kernel of the stock back end. */
export interface StockProgram {
  readonly outputShape: number[];
  readonly variableNames: string[];
}

/** Its class. */
export type StockBackendClass = new (device: GPUDevice, info: GPUAdapterInfo) => StockBackend;

/** The package's module. */
export interface StockModule {
  WebGPUBackend: StockBackendClass;
}
