import type { ByteSource } from './api.js';

/** Finds the file of this name, which is relative to the folder of another; undefined when there is none. */
export type FindSibling = (name: string) => ByteSource | undefined;

/** Of a file that stands alone. */
export const noSibling: FindSibling = () => undefined;
