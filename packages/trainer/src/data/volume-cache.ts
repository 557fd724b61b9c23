/** Values by index, loaded once and kept while they fit. */
export interface VolumeCache<T> {
  /** The value; concurrent calls for one index share one load. A failed load is tried again by the next call. */
  get(index: number): Promise<T>;
  /** Whether the value is in memory. */
  has(index: number): boolean;
  /** Bytes held now. */
  readonly bytes: number;
}

/**
 * Keeps at most `maxBytes` of loaded values and drops those that were used longest ago. A value that is larger than
 * the limit is still given, and dropped by the next one.
 */
export function createVolumeCache<T>(
  load: (index: number) => Promise<T>,
  size: (value: T) => number,
  maxBytes: number,
): VolumeCache<T> {
  const kept = new Map<number, { value: T; bytes: number }>();
  const loading = new Map<number, Promise<T>>();
  let bytes = 0;
  const keep = (index: number, value: T): void => {
    const entry = { value, bytes: size(value) };
    kept.set(index, entry);
    bytes += entry.bytes;
    for (const [oldest, old] of kept) {
      if (bytes <= maxBytes || oldest === index) break;
      kept.delete(oldest);
      bytes -= old.bytes;
    }
  };
  return {
    get bytes() {
      return bytes;
    },
    has: (index) => kept.has(index),
    async get(index) {
      const found = kept.get(index);
      if (found) {
        // A Map keeps insertion order: taking the entry to the end marks it as used last.
        kept.delete(index);
        kept.set(index, found);
        return found.value;
      }
      let running = loading.get(index);
      if (!running) {
        running = load(index)
          .then((value) => {
            keep(index, value);
            return value;
          })
          .finally(() => loading.delete(index));
        loading.set(index, running);
      }
      return running;
    },
  };
}
