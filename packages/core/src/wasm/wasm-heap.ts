declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: unknown;
  }
}

/** A compiled WebAssembly module. */
export type WasmModule = WebAssembly.Module;

/** Bytes of a page of WebAssembly memory. */
export const WASM_PAGE = 65536;

/** Compiles a module that is kept as base64 text. Throws where WebAssembly may not run, as a page's policy can have it. */
export function compileWasm(base64: string): WasmModule {
  return new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
}

/**
 * An instance of a module with a memory of its own, from which the caller takes room piece by piece. The first page is the
 * stack's. The module imports its memory as `env.memory`.
 *
 * @typeParam Exports - What the module exports; pointers are byte offsets.
 */
export class WasmHeap<Exports> {
  readonly run: Exports;
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private end = WASM_PAGE;

  /** @param imports - What the module takes from `env` beside its memory. */
  constructor(module: WasmModule, imports: Readonly<Record<string, unknown>> = {}) {
    const instance = new WebAssembly.Instance(module, { env: { ...imports, memory: this.memory } });
    this.run = instance.exports as Exports;
  }

  /** Forgets what was reserved, or with a place that `reserve` gave: that and what was reserved after it. */
  reset(to = WASM_PAGE): void {
    this.end = to;
  }

  /** Where there is room for so many bytes; a multiple of `align`. The memory grows when `buffer` is asked for. */
  reserve(bytes: number, align = 8): number {
    const at = Math.ceil(this.end / align) * align;
    this.end = at + bytes;
    return at;
  }

  /**
   * The memory, large enough for all that was reserved. Growing it makes earlier views empty.
   *
   * @throws RangeError where it cannot be so large (4 GiB).
   */
  get buffer(): ArrayBuffer {
    const missing = Math.ceil((this.end - this.memory.buffer.byteLength) / WASM_PAGE);
    if (missing > 0) this.memory.grow(missing);
    return this.memory.buffer;
  }
}
