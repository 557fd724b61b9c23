const latin1 = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

/** Writes the few opcodes of protocol 2 that a state dict needs; see pickletools of Python for what each does. */
export class PickleWriter {
  private readonly bytes: number[] = [0x80, 2];

  /** Opcodes without arguments, by their letters. */
  op(letters: string): this {
    this.bytes.push(...latin1(letters));
    return this;
  }

  /** A class or function by its name. */
  global(module: string, name: string): this {
    return this.op(`c${module}\n${name}\n`);
  }

  text(value: string): this {
    const utf8 = new TextEncoder().encode(value);
    this.op('X').uint32(utf8.length);
    for (const byte of utf8) this.bytes.push(byte);
    return this;
  }

  /** A whole number from 0. */
  count(value: number): this {
    if (value < 2 ** 31) return this.op('J').uint32(value);
    // LONG1: eight bytes, the lowest first; more than tensors can have elements.
    return this.op('\x8a\x08')
      .uint32(value % 2 ** 32)
      .uint32(Math.floor(value / 2 ** 32));
  }

  /** A tuple of whole numbers from 0. */
  counts(values: readonly number[]): this {
    this.op('(');
    for (const value of values) this.count(value);
    return this.op('t');
  }

  /** The whole pickle, ended. */
  finish(): Uint8Array {
    return Uint8Array.from([...this.op('.').bytes]);
  }

  private uint32(value: number): this {
    for (let shift = 0; shift < 32; shift += 8) this.bytes.push((value >>> shift) & 0xff);
    return this;
  }
}
