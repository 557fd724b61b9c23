/**
 * Gives the values of `make(0)`, `make(1)`, … `make(count − 1)` in order and begins each one while the consumer works on the
 * one before.
 */
export async function* prefetch<T>(
  count: number,
  make: (index: number) => Promise<T>,
): AsyncGenerator<T> {
  let next = count > 0 ? make(0) : undefined;
  for (let index = 0; next; index++) {
    const value = await next;
    next = index + 1 < count ? make(index + 1) : undefined;
    // If the consumer stops here, nobody waits for `next`: its failure must not end the process.
    next?.catch(() => undefined);
    yield value;
  }
}
