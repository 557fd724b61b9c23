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

/**
 * What a call or a class would have made that this reader does not know (a numpy number, a path, settings of a training script).
 * Nothing was run and nothing of it is kept but the name.
 */
export class ForeignObject {
  constructor(readonly path: string) {}
}

/** A dictionary of a pickle. */
export type PickleDict = Map<unknown, unknown>;
