/**
 * A standard normal number from two uniform ones in [0, 1) (Box & Muller, 1958). The second value that the method gives is not
 * kept, so that a generator's state needs no spare.
 */
export function boxMuller(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
