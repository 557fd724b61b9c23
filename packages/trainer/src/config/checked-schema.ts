import type { z } from 'zod';
import type { ConfigSchema } from './resolve-config.js';

/** The same type without `readonly`. */
export type Writable<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { -readonly [K in keyof T]: Writable<T[K]> }
    : T;

/** The same type, only to be read. */
export type ReadOnly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [K in keyof T]: ReadOnly<T[K]> }
    : T;

/** true where A and B have the same keys and take the same values, `readonly` aside. */
export type Same<A, B> = [keyof A, Writable<A>, keyof B, Writable<B>] extends [
  keyof B,
  Writable<B>,
  keyof A,
  Writable<A>,
]
  ? true
  : false;

/**
 * `schema` as it is, when it takes exactly the options that the interface O documents. Where they differ, the call lacks an
 * argument that cannot be given, and does not compile.
 */
export function checkedSchema<O>() {
  return <S extends ConfigSchema>(
    schema: S,
    ..._differs: Same<z.input<S>, O> extends true ? [] : [never]
  ): S => schema;
}
