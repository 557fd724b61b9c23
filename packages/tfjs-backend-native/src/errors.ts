import { GenesisError } from '@genesis/core';

/** The native back end cannot run here. */
export class NativeUnavailableError extends GenesisError<'native-unavailable'> {
  override readonly name = 'NativeUnavailableError';

  constructor(
    /** Why, and what to do about it. */
    readonly reason: string,
    /** The one command that mends it, when there is one. */
    readonly command?: string,
  ) {
    super('native-unavailable', `The native TensorFlow.js back end cannot be used: ${reason}`);
  }
}

/** A setting of the native back end has a value that it does not accept. */
export class NativeSettingError extends GenesisError<'native-setting'> {
  override readonly name = 'NativeSettingError';

  constructor(
    /** Its name. */
    readonly setting: string,
    message: string,
  ) {
    super('native-setting', message);
  }
}
