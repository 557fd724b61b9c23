import type { TensorInfo } from '@tensorflow/tfjs-core';

/** A job on numbers of its own, on which variants are tried. */
export interface Trial {
  /** What a run fills. */
  readonly result: TensorInfo;
  /** Forgets the last run. */
  clear(): void;
  /** Runs a variant. */
  run(name: string): void;
  dispose(): void;
}

/** What can be chosen between for one key. */
export interface Note {
  readonly names: readonly string[];
  readonly trial: () => Trial;
}

/** Which of several kernels that compute the same is taken, by what they are asked to compute. */
export class Choices {
  private readonly chosen = new Map<string, string>();
  private readonly struck = new Set<string>();
  private readonly notes = new Map<string, Note>();

  /** The variant chosen for `key`; without a choice the first of those that were not struck out. */
  of<V>(key: string, variants: readonly V[], nameOf: (variant: V) => string): V {
    const usable = variants.filter((variant) => !this.struck.has(entry(key, nameOf(variant))));
    const wanted = this.chosen.get(key);
    return usable.find((variant) => nameOf(variant) === wanted) ?? usable[0] ?? variants[0];
  }

  /** Takes a variant from now on. */
  choose(key: string, name: string): void {
    this.chosen.set(key, name);
    this.notes.delete(key);
  }

  /** Never takes a variant again for `key`. */
  strike(key: string, name: string): void {
    this.struck.add(entry(key, name));
  }

  /** Keeps how the variants for a key can be tried, unless one was chosen. */
  note(key: string, names: readonly string[], trial: Note['trial']): void {
    if (names.length < 2 || this.chosen.has(key) || this.notes.has(key)) return;
    this.notes.set(key, { names, trial });
  }

  /** What was run without a choice. */
  get open(): ReadonlyMap<string, Note> {
    return this.notes;
  }

  /** The choices by key. */
  get made(): ReadonlyMap<string, string> {
    return this.chosen;
  }

  /** What was struck out, for people. */
  get struckOut(): readonly string[] {
    return [...this.struck];
  }
}

function entry(key: string, name: string): string {
  return `${key}: ${name}`;
}
