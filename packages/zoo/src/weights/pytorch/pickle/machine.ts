import { WeightFormatError } from '../../../errors.js';
import { broken } from './broken.js';
import { ForeignObject, PickleGlobal } from './values.js';

/** What the reader does where a pickle wants code to run or a storage to be found. */
export interface PickleHooks {
  /** Called for `callable(*args)`; gives plain data or a `ForeignObject`, and throws for what only an attack asks for. */
  reduce(callable: PickleGlobal, args: readonly unknown[]): unknown;
  /** Called for a persistent id. */
  persistent(id: unknown): unknown;
}

const MARK = Symbol('mark');

/** The stack and the memo that the opcodes of a pickle work on. */
export class PickleMachine {
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(readonly hooks: PickleHooks) {}

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK) throw broken('empty stack');
    return this.stack.pop();
  }

  top(): unknown {
    if (this.stack.length === 0) throw broken('empty stack');
    return this.stack.at(-1);
  }

  mark(): void {
    this.stack.push(MARK);
  }

  /** What stands above the last mark; both are gone then. */
  popToMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) throw broken('no mark');
    const items = this.stack.splice(mark);
    items.shift();
    return items;
  }

  /** Pops `count` values and pushes them as one tuple. */
  tuple(count: number): void {
    const items: unknown[] = [];
    for (let n = 0; n < count; n++) items.unshift(this.pop());
    this.push(items);
  }

  append(items: readonly unknown[]): void {
    const list = this.top();
    if (list instanceof ForeignObject) return;
    if (!Array.isArray(list)) throw broken('append to something that is no list');
    for (const item of items) list.push(item);
  }

  setItems(items: readonly unknown[]): void {
    const dict = this.top();
    if (dict instanceof ForeignObject) return;
    if (!(dict instanceof Map)) throw broken('items set on something that is no dictionary');
    if (items.length % 2) throw broken('a key without a value');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  remember(key: number = this.memo.size): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    if (!this.memo.has(key)) throw broken('an unknown memo entry');
    this.push(this.memo.get(key));
  }

  /** Pushes what a call gives. What foreign objects would give is foreign too. */
  call(callable: unknown, args: unknown): void {
    if (callable instanceof ForeignObject) this.push(new ForeignObject(callable.path));
    else if (callable instanceof PickleGlobal && Array.isArray(args)) {
      this.push(this.hooks.reduce(callable, args));
    } else {
      throw new WeightFormatError('unsafe', 'the pickle calls something that is not a known name');
    }
  }

  /**
   * Gives the object on top its state. A state dict is an OrderedDict whose state holds only the attribute `_metadata` (layer
   * versions), which no tensor needs; foreign objects keep nothing.
   */
  build(): void {
    this.pop();
    const target = this.top();
    if (target instanceof Map || target instanceof ForeignObject) return;
    throw new WeightFormatError(
      'unsafe',
      'the pickle sets the state of something that has none to set',
    );
  }
}
