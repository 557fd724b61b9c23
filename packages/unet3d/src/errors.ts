import { type ErrorDetails, GenesisError } from '@genesis/core';

/** What can go wrong here. */
export type UNet3dErrorCode =
  | 'bad-model' // a file is not a TensorFlow.js model
  | 'bad-option' // an option has a value that cannot be
  | 'bad-state' // a saved state is not the optimiser's
  | 'engine-unavailable' // the engine cannot be used here
  | 'no-decoder' // a network without layers called decoder.…
  | 'no-encoder' // a network without layers called encoder.…
  | 'no-file-system' // a folder was named in a browser
  | 'no-head' // a network without the layer head.conv
  | 'no-weight' // a layer lacks a weight to export
  | 'not-exportable' // a layer that ONNX export does not know
  | 'read-failed' // a file of a model cannot be read
  | 'unknown-weight' // a gradient of no weight of the model
  | WebGpuErrorCode
  | 'weights-do-not-match'; // weights of another network

/** What can go wrong on a graphics processor. */
export type WebGpuErrorCode =
  | 'gpu-internal' // the driver gave up
  | 'gpu-limit' // more than the adapter allows
  | 'gpu-lost' // the device is gone
  | 'gpu-out-of-memory' // a buffer could not be made
  | 'gpu-self-test' // a kernel gives wrong results here
  | 'gpu-sync-read' // a value was asked for without waiting
  | 'gpu-validation'; // a kernel or call is invalid

/** Base of the errors that this package throws on purpose. */
export class UNet3dError<
  Code extends UNet3dErrorCode = UNet3dErrorCode,
> extends GenesisError<Code> {
  override readonly name: string = 'UNet3dError';
}

/** An option has a value that the network, layer or loss cannot have. */
export class OptionError extends UNet3dError<'bad-option'> {
  override readonly name = 'OptionError';
  /** The option's name. */
  readonly option: string;

  constructor(option: string, message: string) {
    super('bad-option', message);
    this.option = option;
  }
}

/** The engine that was asked for cannot be used here. */
export class EngineUnavailableError extends UNet3dError<'engine-unavailable'> {
  override readonly name = 'EngineUnavailableError';
  /** The engine's name, or `auto`. */
  readonly engine: string;
  /** Why, and what to do. */
  readonly reason: string;

  constructor(engine: string, reason: string, details: ErrorDetails = {}) {
    super('engine-unavailable', `Engine "${engine}" cannot be used: ${reason}`, details);
    this.engine = engine;
    this.reason = reason;
  }
}

/** Work on the graphics processor failed. Everything that is asked of the engine afterwards fails with the same error. */
export class WebGpuError extends UNet3dError<WebGpuErrorCode> {
  override readonly name = 'WebGpuError';
  /** The kernel that failed, where it is known. */
  readonly kernel: string | undefined;

  constructor(code: WebGpuErrorCode, message: string, kernel?: string, details: ErrorDetails = {}) {
    super(code, message, details);
    this.kernel = kernel;
  }
}
