import { broken } from './broken.js';
import { type Cursor, latin1 } from './cursor.js';
import type { PickleMachine } from './machine.js';
import { decimal, longValue } from './numbers.js';
import { PickleGlobal } from './values.js';

type Opcode = (machine: PickleMachine, cursor: Cursor) => void;

const pushing =
  (read: (cursor: Cursor) => unknown): Opcode =>
  (machine, cursor) =>
    machine.push(read(cursor));

const utf8 = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const quoted = (line: string): string => line.replace(/^(['"])(.*)\1$/s, '$2');

function call(machine: PickleMachine): void {
  const args = machine.pop();
  machine.call(machine.pop(), args);
}

/** OBJ and INST: the class and its arguments stand above the mark. */
function callAboveMark(machine: PickleMachine, [callable, ...args]: unknown[]): void {
  machine.call(callable, args);
}

function pushGlobal(machine: PickleMachine, module: unknown, name: unknown): void {
  if (typeof name !== 'string' || typeof module !== 'string') throw broken('a nameless global');
  machine.push(new PickleGlobal(module, name));
}

/** STOP, which ends a pickle. */
export const STOP = 0x2e;

/**
 * What each opcode of protocols 0 to 5 does, by its byte. Tuples, lists and sets are arrays, dictionaries `Map`s.
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export const opcodes: ReadonlyMap<number, Opcode> = new Map(
  Object.entries<Opcode>({
    '\x80': (_machine, cursor) => {
      const protocol = cursor.uint8();
      if (protocol > 5) throw broken(`protocol ${protocol}`);
    },
    '\x95': (_machine, cursor) => {
      cursor.length64();
    },
    // The stack.
    '(': (machine) => machine.mark(),
    '0': (machine) => {
      machine.pop();
    },
    '1': (machine) => {
      machine.popToMark();
    },
    '2': (machine) => machine.push(machine.top()),
    // Plain values.
    N: pushing(() => null),
    '\x88': pushing(() => true),
    '\x89': pushing(() => false),
    K: pushing((cursor) => cursor.uint8()),
    M: pushing((cursor) => cursor.uint16()),
    J: pushing((cursor) => cursor.int32()),
    I: pushing((cursor) => decimal(cursor.line())),
    L: pushing((cursor) => decimal(cursor.line())),
    '\x8a': pushing((cursor) => longValue(cursor.take(cursor.uint8()))),
    '\x8b': pushing((cursor) => {
      const length = cursor.int32();
      if (length > 1024) throw broken('an absurd integer');
      return longValue(cursor.take(length));
    }),
    F: pushing((cursor) => Number(cursor.line())),
    G: pushing((cursor) => cursor.float64BigEndian()),
    // Texts and bytes.
    V: pushing((cursor) => quoted(cursor.line())),
    S: pushing((cursor) => quoted(cursor.line())),
    X: pushing((cursor) => utf8(cursor.take(cursor.uint32()))),
    '\x8c': pushing((cursor) => utf8(cursor.take(cursor.uint8()))),
    '\x8d': pushing((cursor) => utf8(cursor.take(cursor.length64()))),
    U: pushing((cursor) => latin1(cursor.take(cursor.uint8()))),
    T: pushing((cursor) => latin1(cursor.take(cursor.int32()))),
    C: pushing((cursor) => cursor.take(cursor.uint8())),
    B: pushing((cursor) => cursor.take(cursor.uint32())),
    '\x8e': pushing((cursor) => cursor.take(cursor.length64())),
    '\x96': pushing((cursor) => cursor.take(cursor.length64())),
    // Lists, tuples and sets.
    ']': pushing(() => []),
    ')': pushing(() => []),
    '\x8f': pushing(() => []),
    l: (machine) => machine.push(machine.popToMark()),
    t: (machine) => machine.push(machine.popToMark()),
    '\x91': (machine) => machine.push(machine.popToMark()),
    '\x85': (machine) => machine.tuple(1),
    '\x86': (machine) => machine.tuple(2),
    '\x87': (machine) => machine.tuple(3),
    a: (machine) => machine.append([machine.pop()]),
    e: (machine) => machine.append(machine.popToMark()),
    '\x90': (machine) => machine.append(machine.popToMark()),
    // Dictionaries.
    '}': pushing(() => new Map()),
    d: (machine) => {
      const items = machine.popToMark();
      machine.push(new Map());
      machine.setItems(items);
    },
    s: (machine) => {
      const value = machine.pop();
      machine.setItems([machine.pop(), value]);
    },
    u: (machine) => machine.setItems(machine.popToMark()),
    // Names, and where the pickle asks for code.
    c: (machine, cursor) => {
      const module = cursor.line();
      pushGlobal(machine, module, cursor.line());
    },
    '\x93': (machine) => {
      const name = machine.pop();
      pushGlobal(machine, machine.pop(), name);
    },
    R: call,
    '\x81': call,
    '\x92': (machine) => {
      machine.pop(); // keyword arguments
      call(machine);
    },
    o: (machine) => callAboveMark(machine, machine.popToMark()),
    i: (machine, cursor) => {
      const module = cursor.line();
      const callable = new PickleGlobal(module, cursor.line());
      callAboveMark(machine, [callable, ...machine.popToMark()]);
    },
    b: (machine) => machine.build(),
    P: (machine, cursor) => machine.push(machine.hooks.persistent(cursor.line())),
    Q: (machine) => machine.push(machine.hooks.persistent(machine.pop())),
    // The memo.
    p: (machine, cursor) => machine.remember(Number(cursor.line())),
    q: (machine, cursor) => machine.remember(cursor.uint8()),
    r: (machine, cursor) => machine.remember(cursor.uint32()),
    '\x94': (machine) => machine.remember(),
    g: (machine, cursor) => machine.recall(Number(cursor.line())),
    h: (machine, cursor) => machine.recall(cursor.uint8()),
    j: (machine, cursor) => machine.recall(cursor.uint32()),
  }).map(([character, opcode]) => [character.charCodeAt(0), opcode]),
);
