/** The native back end cannot run here. */
export class NativeUnavailableError extends Error {
  readonly code = 'NATIVE_UNAVAILABLE';

  constructor(
    /** Why, and what to do about it. */
    readonly reason: string,
  ) {
    super(`The native TensorFlow.js back end cannot be used: ${reason}`);
    this.name = 'NativeUnavailableError';
  }
}

/** A setting of the native back end has a value that it does not accept. */
export class NativeSettingError extends Error {
  readonly code = 'NATIVE_SETTING';

  constructor(
    readonly setting: string,
    message: string,
  ) {
    super(message);
    this.name = 'NativeSettingError';
  }
}
