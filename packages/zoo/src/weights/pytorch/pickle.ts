import { WeightFormatError } from '../../errors.js';

/** A class or function that a pickle names. It is data: nothing is imported or called by its name. */
export class PickleGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

export type PickleDict = Map<unknown, unknown>;

/** What the reader does where a pickle wants code to run or a storage to be found. */
export interface PickleHooks {
  /** Called for `callable(*args)`; throws for everything that is not known to be plain data. */
  reduce(callable: PickleGlobal, args: readonly unknown[]): unknown;
  /** Called for a persistent id. */
  persistent(id: unknown): unknown;
}

export interface PickleResult {
  readonly value: unknown;
  /** The byte after the STOP opcode. */
  readonly end: number;
}

const MARK = Symbol('mark');

/** More than any checkpoint needs; bounds the time that a hostile pickle can take. */
const MAX_OPERATIONS = 20_000_000;

/** A byte cursor whose every read is checked against the end of the input. */
class Cursor {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    public position: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private advance(count: number): number {
    const start = this.position;
    if (count < 0 || start + count > this.bytes.length) {
      throw new WeightFormatError('truncated', 'the pickle ends in the middle of a value');
    }
    this.position = start + count;
    return start;
  }

  uint8(): number {
    return this.bytes[this.advance(1)];
  }
  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }
  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }
  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }
  uint64(): number {
    const value = this.view.getBigUint64(this.advance(8), true);
    if (value > BigInt(this.bytes.length)) {
      throw new WeightFormatError('truncated', 'the pickle claims more bytes than the file has');
    }
    return Number(value);
  }
  float64BigEndian(): number {
    return this.view.getFloat64(this.advance(8), false);
  }
  take(count: number): Uint8Array {
    const start = this.advance(count);
    return this.bytes.subarray(start, start + count);
  }
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0)
      throw new WeightFormatError('truncated', 'the pickle ends in the middle of a line');
    const text = latin1(this.bytes.subarray(this.position, end));
    this.position = end + 1;
    return text;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function utf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Two's complement, little-endian; a number when it is exact as one. */
function longValue(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  if (bytes.length > 0 && bytes[bytes.length - 1] & 0x80) value -= 1n << BigInt(8 * bytes.length);
  return BigInt.asIntN(53, value) === value ? Number(value) : value;
}

function decimal(text: string): unknown {
  if (text === '00') return false;
  if (text === '01') return true;
  const digits = text.replace(/L$/, '');
  if (!/^-?\d{1,300}$/.test(digits)) throw broken(`'${text.slice(0, 20)}' is no number`);
  const value = BigInt(digits);
  return BigInt.asIntN(53, value) === value ? Number(value) : value;
}

function broken(message: string): WeightFormatError {
  return new WeightFormatError('corrupt', `the pickle is broken: ${message}`);
}

/**
 * Reads one pickle (protocols 0 to 5) as plain data: dictionaries become `Map`s, lists and tuples
 * arrays, integers numbers or bigints. It is an interpreter of data only: classes and functions stay
 * `PickleGlobal` names, and where the pickle asks for a call, `hooks.reduce` decides.
 *
 * @param bytes - The file.
 * @param start - Where the pickle begins.
 * @throws WeightFormatError for every malformed or unsafe input.
 */
export function readPickle(bytes: Uint8Array, start: number, hooks: PickleHooks): PickleResult {
  const cursor = new Cursor(bytes, start);
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();

  const pop = (): unknown => {
    if (stack.length === 0 || stack[stack.length - 1] === MARK) throw broken('empty stack');
    return stack.pop();
  };
  const top = (): unknown => {
    if (stack.length === 0) throw broken('empty stack');
    return stack[stack.length - 1];
  };
  const popToMark = (): unknown[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw broken('no mark');
    const items = stack.splice(mark);
    items.shift();
    return items;
  };
  const call = (callable: unknown, args: unknown): unknown => {
    if (!(callable instanceof PickleGlobal) || !Array.isArray(args)) {
      throw new WeightFormatError('unsafe', 'the pickle calls something that is not a known name');
    }
    return hooks.reduce(callable, args);
  };
  const append = (items: unknown[]): void => {
    const list = top();
    if (!Array.isArray(list)) throw broken('append to something that is no list');
    for (const item of items) list.push(item);
  };
  const setItems = (items: unknown[]): void => {
    const dict = top();
    if (!(dict instanceof Map)) throw broken('items set on something that is no dictionary');
    if (items.length % 2) throw broken('a key without a value');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  };
  const fromMemo = (key: number): unknown => {
    if (!memo.has(key)) throw broken('an unknown memo entry');
    return memo.get(key);
  };
  const dictOf = (items: unknown[]): void => {
    stack.push(new Map());
    setItems(items);
  };

  for (let operations = 0; operations < MAX_OPERATIONS; operations++) {
    const opcode = cursor.uint8();
    switch (String.fromCharCode(opcode)) {
      case '\x80': {
        const protocol = cursor.uint8();
        if (protocol > 5) throw broken(`protocol ${protocol}`);
        break;
      }
      case '\x95':
        cursor.uint64();
        break;
      case '.':
        return { value: pop(), end: cursor.position };
      case '(':
        stack.push(MARK);
        break;
      case '0':
        pop();
        break;
      case '1':
        popToMark();
        break;
      case '2':
        stack.push(top());
        break;
      case 'N':
        stack.push(null);
        break;
      case '\x88':
        stack.push(true);
        break;
      case '\x89':
        stack.push(false);
        break;
      case 'K':
        stack.push(cursor.uint8());
        break;
      case 'M':
        stack.push(cursor.uint16());
        break;
      case 'J':
        stack.push(cursor.int32());
        break;
      case 'I':
      case 'L':
        stack.push(decimal(cursor.line()));
        break;
      case '\x8a':
        stack.push(longValue(cursor.take(cursor.uint8())));
        break;
      case '\x8b': {
        const length = cursor.int32();
        if (length > 1024) throw broken('an absurd integer');
        stack.push(longValue(cursor.take(length)));
        break;
      }
      case 'F':
        stack.push(Number(cursor.line()));
        break;
      case 'G':
        stack.push(cursor.float64BigEndian());
        break;
      case 'V':
      case 'S':
        stack.push(cursor.line().replace(/^(['"])(.*)\1$/s, '$2'));
        break;
      case 'X':
        stack.push(utf8(cursor.take(cursor.uint32())));
        break;
      case '\x8c':
        stack.push(utf8(cursor.take(cursor.uint8())));
        break;
      case '\x8d':
        stack.push(utf8(cursor.take(cursor.uint64())));
        break;
      case 'U':
        stack.push(latin1(cursor.take(cursor.uint8())));
        break;
      case 'T':
        stack.push(latin1(cursor.take(cursor.int32())));
        break;
      case 'C':
        stack.push(cursor.take(cursor.uint8()));
        break;
      case 'B':
        stack.push(cursor.take(cursor.uint32()));
        break;
      case '\x8e':
      case '\x96':
        stack.push(cursor.take(cursor.uint64()));
        break;
      case ']':
        stack.push([]);
        break;
      case 'l':
      case 't':
        stack.push(popToMark());
        break;
      case ')':
        stack.push([]);
        break;
      case '\x85':
        stack.push([pop()]);
        break;
      case '\x86': {
        const second = pop();
        stack.push([pop(), second]);
        break;
      }
      case '\x87': {
        const third = pop();
        const second = pop();
        stack.push([pop(), second, third]);
        break;
      }
      case 'a':
        append([pop()]);
        break;
      case 'e':
        append(popToMark());
        break;
      case '}':
        stack.push(new Map());
        break;
      case 'd':
        dictOf(popToMark());
        break;
      case 's': {
        const value = pop();
        setItems([pop(), value]);
        break;
      }
      case 'u':
        setItems(popToMark());
        break;
      case '\x8f':
        stack.push([]);
        break;
      case '\x90':
        append(popToMark());
        break;
      case '\x91':
        stack.push(popToMark());
        break;
      case 'c': {
        const module = cursor.line();
        stack.push(new PickleGlobal(module, cursor.line()));
        break;
      }
      case '\x93': {
        const name = pop();
        const module = pop();
        if (typeof name !== 'string' || typeof module !== 'string')
          throw broken('a nameless global');
        stack.push(new PickleGlobal(module, name));
        break;
      }
      case 'R':
      case '\x81': {
        const args = pop();
        stack.push(call(pop(), args));
        break;
      }
      case 'b':
        build(pop(), top());
        break;
      case 'P':
        stack.push(hooks.persistent(cursor.line()));
        break;
      case 'Q':
        stack.push(hooks.persistent(pop()));
        break;
      case 'p':
        memo.set(Number(cursor.line()), top());
        break;
      case 'q':
        memo.set(cursor.uint8(), top());
        break;
      case 'r':
        memo.set(cursor.uint32(), top());
        break;
      case '\x94':
        memo.set(memo.size, top());
        break;
      case 'g':
        stack.push(fromMemo(Number(cursor.line())));
        break;
      case 'h':
        stack.push(fromMemo(cursor.uint8()));
        break;
      case 'j':
        stack.push(fromMemo(cursor.uint32()));
        break;
      case 'i':
      case 'o':
      case '\x92':
        throw new WeightFormatError('unsafe', 'the pickle builds an object of its own class');
      default:
        throw broken(`the unknown opcode 0x${opcode.toString(16)}`);
    }
  }
  throw broken('it does not end');
}

/**
 * `BUILD` gives an object its state. A state dict is an OrderedDict whose state holds only the
 * attribute `_metadata` (layer versions), which no tensor needs; anything else has no state to take.
 */
function build(state: unknown, target: unknown): void {
  if (target instanceof Map && state instanceof Map) return;
  throw new WeightFormatError('unsafe', 'the pickle sets the state of an object of its own class');
}
