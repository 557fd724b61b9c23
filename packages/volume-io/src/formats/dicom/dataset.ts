import { latin1 } from '../../bytes/text-header.js';
import { decodeText } from './charset.js';
import { Tag } from './tags.js';

/** Where a value lies in the bytes of its data set. */
export interface DicomElement {
  readonly tag: number;
  /** Two letters; '' when the encoding does not say (implicit VR). */
  readonly vr: string;
  /** Byte offset of the value. */
  readonly start: number;
  /** Bytes of the value; for an undefined length, up to its delimiter. */
  readonly length: number;
  readonly undefinedLength: boolean;
}

/** How a data set is encoded. */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

/** A parsed data set: elements by tag over shared bytes. Values are decoded when asked for. */
export class DataSet {
  readonly elements = new Map<number, DicomElement>();
  readonly bytes: Uint8Array;
  readonly encoding: Encoding;
  readonly view: DataView;

  constructor(bytes: Uint8Array, encoding: Encoding) {
    this.bytes = bytes;
    this.encoding = encoding;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  has(tag: number): boolean {
    const element = this.elements.get(tag);
    return element !== undefined && element.length > 0;
  }

  /** The raw bytes of a value, not copied. */
  raw(tag: number): Uint8Array | undefined {
    const e = this.elements.get(tag);
    return e && this.bytes.subarray(e.start, e.start + e.length);
  }

  /** Text without padding; undefined when absent or empty. */
  string(tag: number): string | undefined {
    const raw = this.raw(tag);
    if (!raw || raw.length === 0 || raw.length > 65536) return undefined;
    const charset = this.elements.has(Tag.SpecificCharacterSet)
      ? latin1(this.raw(Tag.SpecificCharacterSet)!)
      : '';
    const text = decodeText(raw, charset);
    const end = text.indexOf('\0');
    return (end < 0 ? text : text.slice(0, end)).trim() || undefined;
  }

  /** The values of a multi-valued text, split at backslashes. */
  strings(tag: number): string[] {
    return (
      this.string(tag)
        ?.split('\\')
        .map((s) => s.trim()) ?? []
    );
  }

  /**
   * The numbers of a value: decimal and integer strings, or binary by `binary` (which rules where the encoding does not
   * say the VR). Values that are no number become NaN.
   */
  numbers(tag: number, binary?: 'US' | 'SS' | 'UL' | 'FL' | 'FD'): number[] {
    const element = this.elements.get(tag);
    if (!element || element.length === 0) return [];
    const vr = BINARY[element.vr] ? element.vr : binary;
    if (!vr || TEXT.has(element.vr)) return this.strings(tag).map(parseNumber);
    const { size, get } = BINARY[vr];
    const out: number[] = [];
    for (let n = 0; n + size <= element.length; n += size) {
      out.push(get(this.view, element.start + n, this.encoding.littleEndian));
    }
    return out;
  }

  /** The first number of a value; undefined when absent or not a number. */
  number(tag: number, binary?: 'US' | 'SS' | 'UL' | 'FL' | 'FD'): number | undefined {
    const value = this.numbers(tag, binary)[0];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }
}

type Getter = (view: DataView, offset: number, little: boolean) => number;

const BINARY: Record<string, { size: number; get: Getter }> = {
  US: { size: 2, get: (v, o, le) => v.getUint16(o, le) },
  SS: { size: 2, get: (v, o, le) => v.getInt16(o, le) },
  UL: { size: 4, get: (v, o, le) => v.getUint32(o, le) },
  SL: { size: 4, get: (v, o, le) => v.getInt32(o, le) },
  FL: { size: 4, get: (v, o, le) => v.getFloat32(o, le) },
  FD: { size: 8, get: (v, o, le) => v.getFloat64(o, le) },
};

const TEXT = new Set(['DS', 'IS', 'LO', 'SH', 'CS', 'ST', 'LT', 'UT']);

function parseNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
}
