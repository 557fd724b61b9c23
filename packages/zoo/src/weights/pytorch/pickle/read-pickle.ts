import { broken } from './broken.js';
import { Cursor } from './cursor.js';
import { type PickleHooks, PickleMachine } from './machine.js';
import { opcodes, STOP } from './opcodes.js';

export interface PickleResult {
  readonly value: unknown;
  /** The byte after the STOP opcode. */
  readonly end: number;
}

/** More than any checkpoint needs; bounds the time that a hostile pickle can take. */
const MAX_OPERATIONS = 20_000_000;

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
  const machine = new PickleMachine(hooks);
  for (let operations = 0; operations < MAX_OPERATIONS; operations++) {
    const code = cursor.uint8();
    if (code === STOP) return { value: machine.pop(), end: cursor.position };
    const opcode = opcodes.get(code);
    if (!opcode) throw broken(`the unknown opcode 0x${code.toString(16)}`);
    opcode(machine, cursor);
  }
  throw broken('it does not end');
}
