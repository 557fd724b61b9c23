/** Four 32-bit words. */
export type Block = Int32Array;

const PARITY = 0x1bd11bda;
const ROTATIONS = [10, 26, 11, 21, 13, 27, 23, 5, 6, 20, 17, 11, 25, 10, 18, 20] as const;

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/**
 * Threefry-4x32-20 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a keyed
 * bijection of counters that passes BigCrush. Used where streams are named, never in inner loops.
 *
 * @param out - receives the four words; may be `key` or `counter`
 */
export function threefry(key: Block, counter: Block, out: Block): Block {
  const k0 = key[0];
  const k1 = key[1];
  const k2 = key[2];
  const k3 = key[3];
  const keys = [k0, k1, k2, k3, PARITY ^ k0 ^ k1 ^ k2 ^ k3];
  let x0 = (counter[0] + k0) | 0;
  let x1 = (counter[1] + k1) | 0;
  let x2 = (counter[2] + k2) | 0;
  let x3 = (counter[3] + k3) | 0;
  for (let round = 0; round < 20; round += 2) {
    const r = (round % 8) * 2;
    x0 = (x0 + x1) | 0;
    x1 = rotl(x1, ROTATIONS[r]) ^ x0;
    x2 = (x2 + x3) | 0;
    x3 = rotl(x3, ROTATIONS[r + 1]) ^ x2;
    x0 = (x0 + x3) | 0;
    x3 = rotl(x3, ROTATIONS[r + 2]) ^ x0;
    x2 = (x2 + x1) | 0;
    x1 = rotl(x1, ROTATIONS[r + 3]) ^ x2;
    if (round % 4 === 2) {
      const s = (round + 2) / 4;
      x0 = (x0 + keys[s % 5]) | 0;
      x1 = (x1 + keys[(s + 1) % 5]) | 0;
      x2 = (x2 + keys[(s + 2) % 5]) | 0;
      x3 = (x3 + keys[(s + 3) % 5] + s) | 0;
    }
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
  return out;
}
