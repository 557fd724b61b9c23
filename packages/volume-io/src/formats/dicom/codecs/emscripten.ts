import { VolumeIoError } from '../../../errors.js';

/** What the compiled CharLS and OpenJPEG decoders have in common. */
export interface CodecDecoder {
  /** Memory for `length` compressed bytes, inside the codec's heap. */
  getEncodedBuffer(length: number): Uint8Array;
  /** The samples; a view into the codec's heap that the next call invalidates. */
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned?: boolean;
  };
  getInterleaveMode?(): number;
  decode(): void;
  delete(): void;
}

export interface CodecModule {
  getExceptionMessage?(exception: unknown): unknown;
}

export type CodecFactory<M> = (opts: {
  print: (text: string) => void;
  printErr: (text: string) => void;
}) => Promise<M>;

/** Samples as they come out of a codec. */
export interface CodecFrame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
  /** Undefined where the codestream does not say. */
  readonly signed?: boolean;
  /** Side by side per pixel. */
  readonly data: Uint8Array | Uint16Array | Int8Array | Int16Array | Int32Array;
}

/** Loads a codec when it is first used, and anew after it failed: its heap is not to be trusted then. */
export class CodecHost<M extends CodecModule> {
  private module: Promise<M> | undefined;
  private messages: string[] = [];
  private readonly load: () => Promise<{ default: CodecFactory<M> }>;
  private readonly name: string;

  constructor(name: string, load: () => Promise<{ default: CodecFactory<M> }>) {
    this.name = name;
    this.load = load;
  }

  /** Runs one decoder on one codestream. Throws VolumeIoError 'corrupt' for whatever the codec throws. */
  async run<R>(
    bytes: Uint8Array,
    make: (module: M) => CodecDecoder,
    use: (decoder: CodecDecoder) => R,
  ): Promise<R> {
    this.module ??= this.start();
    const module = await this.module;
    this.messages = [];
    try {
      // A fresh decoder for each frame: a failed one keeps the samples of the frame before.
      const decoder = make(module);
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      const result = use(decoder);
      decoder.delete();
      return result;
    } catch (cause) {
      this.module = undefined;
      if (cause instanceof VolumeIoError) throw cause;
      throw new VolumeIoError(
        'corrupt',
        `the ${this.name} data cannot be decoded${this.reason(module, cause)}`,
        {
          cause,
        },
      );
    }
  }

  private async start(): Promise<M> {
    const { default: factory } = await this.load();
    const note = (text: string): void => {
      if (this.messages.length < 5) this.messages.push(text);
    };
    return factory({ print: note, printErr: note });
  }

  private reason(module: M, cause: unknown): string {
    if (typeof cause === 'number' && module.getExceptionMessage) {
      return ` (${String(module.getExceptionMessage(cause)).replace(/^std::\w+,/, '')})`;
    }
    const text = this.messages.join('; ') || (cause instanceof Error ? cause.message : '');
    return text ? ` (${text.trim()})` : '';
  }
}
