/** Orders semantic versions, the older first; a version with a suffix comes before the one without. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [a, b].map((text) => {
    const [core, ...suffix] = text.split('-');
    return { parts: core.split('.').map(Number), suffix: suffix.join('-') };
  });
  for (let n = 0; n < 3; n++) {
    const difference = (one.parts[n] || 0) - (two.parts[n] || 0);
    if (difference !== 0) return difference;
  }
  if (one.suffix === two.suffix) return 0;
  if (one.suffix === '' || two.suffix === '') return one.suffix === '' ? 1 : -1;
  return one.suffix < two.suffix ? -1 : 1;
}
