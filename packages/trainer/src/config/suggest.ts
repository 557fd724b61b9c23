/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = 0; i <= a.length; i++) table[i * width] = i;
  for (let j = 0; j <= b.length; j++) table[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(
        table[(i - 1) * width + j] + 1,
        table[i * width + j - 1] + 1,
        table[(i - 1) * width + j - 1] + cost,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, table[(i - 2) * width + j - 2] + 1);
      }
      table[i * width + j] = best;
    }
  }
  return table[a.length * width + b.length];
}

const plain = (text: string): string => text.toLowerCase().replace(/[-_\s]/g, '');

/**
 * The candidate that `word` was probably meant to be, or undefined when none is near: at most a third of the letters
 * differ (two for short words), or one begins with the other. Case, '-' and '_' do not count.
 */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const target = plain(word);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const name = plain(candidate);
    const prefix =
      target.length > 2 && name.length > 2 && (name.startsWith(target) || target.startsWith(name));
    const near = prefix ? 1 : editDistance(target, name);
    const distance = name === target ? 0 : near;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  const allowed = Math.max(Math.min(2, target.length - 1), Math.floor(target.length / 3));
  return bestDistance <= allowed ? best : undefined;
}
