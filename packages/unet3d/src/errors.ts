import { GenesisError } from '@genesis/core';

/** Base of the errors that this package throws on purpose. */
export class UNet3dError extends GenesisError {
  override readonly name: string = 'UNet3dError';
}

/** An option has a value that the network, layer or loss cannot have. */
export class OptionError extends UNet3dError {
  override readonly name = 'OptionError';
  readonly option: string;

  constructor(option: string, message: string) {
    super('bad-option', message);
    this.option = option;
  }
}

/** The engine that was asked for cannot be used here. */
export class EngineUnavailableError extends UNet3dError {
  override readonly name = 'EngineUnavailableError';
  readonly engine: string;
  readonly reason: string;

  constructor(engine: string, reason: string) {
    super('engine-unavailable', `Engine "${engine}" cannot be used: ${reason}`);
    this.engine = engine;
    this.reason = reason;
  }
}
