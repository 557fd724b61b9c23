import type { Elements } from './addon.js';
import type { Block, BufferPool } from './pool.js';

/** Values in the pool's memory, which goes back when the last of those that hold them lets go. */
export class PooledValues {
  #holders = 1;

  constructor(
    readonly data: Elements,
    private readonly block: Block,
    private readonly pool: BufferPool,
  ) {}

  /** One more holds them, and has to release them. */
  hold(): this {
    this.#holders++;
    return this;
  }

  release(): void {
    this.#holders--;
    if (this.#holders === 0) this.pool.give(this.block);
  }
}
