import type { Sample } from './epoch-order.js';

export interface CropShelfOpts<C> {
  /** The order of the epoch. */
  readonly samples: readonly Sample[];
  /** Reads a volume once and cuts these crops of it; their numbers are those of the samples. */
  readonly cut: (volume: number, crops: readonly number[]) => Promise<readonly C[]>;
  /** Crops that are cut of a volume at a time. */
  readonly perRead: number;
  /** Crops that may lie ready, at least `perRead`. */
  readonly most: number;
}

/**
 * The crops of one epoch where the volumes do not all fit into memory: when a volume has been read for one of its crops, those that
 * are needed next are cut too and lie ready, so that a volume is read once for `perRead` crops in whatever order these come. One volume
 * is read at a time, and the next one ahead of its need while there is room. What a crop is does not depend on any of this.
 */
export class CropShelf<C> {
  private readonly held = new Map<number, Map<number, C>>();
  private count = 0;
  private readonly reading = new Map<number, Promise<ReadonlyMap<number, C>>>();
  private queue: Promise<unknown> = Promise.resolve();
  /** Volumes of the samples before this one are read or being read. */
  private ahead = 0;

  constructor(private readonly opts: CropShelfOpts<C>) {}

  /** Gives the crop at a place of the epoch; asked for again, it is cut again. Throws what `cut` throws. */
  async take(index: number): Promise<C> {
    const { volume, crop } = this.opts.samples[index];
    let found = this.pick(volume, crop);
    const running = this.reading.get(volume);
    if (found === undefined && running) {
      // Should it fail, this crop's own reading tells.
      await running.catch(() => undefined);
      found = this.pick(volume, crop);
    }
    if (found === undefined) {
      const cut = await this.read(volume, index);
      this.pick(volume, crop);
      found = cut.get(crop);
    }
    this.readAhead(index);
    return found as C;
  }

  private pick(volume: number, crop: number): C | undefined {
    const crops = this.held.get(volume);
    const found = crops?.get(crop);
    if (crops && found !== undefined) {
      crops.delete(crop);
      if (crops.size === 0) this.held.delete(volume);
      this.count--;
    }
    return found;
  }

  /** Reads a volume for the samples from a place on, after those that are being read. */
  private read(volume: number, from: number): Promise<ReadonlyMap<number, C>> {
    const run = this.queue.then(async () => {
      const crops = this.nextCrops(volume, from);
      const cut = await this.opts.cut(volume, crops);
      const found = new Map(crops.map((crop, n) => [crop, cut[n]]));
      this.put(volume, found);
      return found;
    });
    const done = (): void => {
      if (this.reading.get(volume) === run) this.reading.delete(volume);
    };
    this.reading.set(volume, run);
    this.queue = run.then(done, done);
    return run;
  }

  private put(volume: number, found: ReadonlyMap<number, C>): void {
    const before = this.held.get(volume);
    this.held.delete(volume);
    this.held.set(volume, new Map([...(before ?? []), ...found]));
    this.count += (this.held.get(volume)?.size ?? 0) - (before?.size ?? 0);
    for (const [other, crops] of this.held) {
      if (this.count <= this.opts.most || other === volume) break;
      this.held.delete(other);
      this.count -= crops.size;
    }
  }

  private nextCrops(volume: number, from: number): number[] {
    const { samples, perRead } = this.opts;
    const crops: number[] = [];
    for (let n = from; n < samples.length && crops.length < perRead; n++) {
      if (samples[n].volume === volume) crops.push(samples[n].crop);
    }
    return crops;
  }

  private readAhead(index: number): void {
    const { samples, perRead, most } = this.opts;
    if (this.reading.size > 0 || this.count + perRead > most) return;
    this.ahead = Math.max(this.ahead, index + 1);
    while (this.ahead < samples.length && this.held.has(samples[this.ahead].volume)) this.ahead++;
    if (this.ahead === samples.length) return;
    // Whoever needs it reads it again, and is told what is wrong.
    this.read(samples[this.ahead].volume, this.ahead).catch(() => undefined);
  }
}
