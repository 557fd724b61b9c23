/**
 * Loads a module of the package that is not part of its public API: pieces with rules of their own (schedules, CSV, PNG)
 * are tested where they can be seen.
 */
export async function internal<T>(path: string): Promise<T> {
  return (await import(new URL(`../../../dist/${path}`, import.meta.url).href)) as T;
}
