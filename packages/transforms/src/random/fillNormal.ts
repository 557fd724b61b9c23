import { nextWord, type Stream } from './xoshiro.js';

const LAYERS = 128;
/** Where the tail begins, and the area of each layer (Doornik 2005, table 1). */
const TAIL = 3.442619855899;
const AREA = 9.91256303526217e-3;
const TWO_24 = 2 ** -24;

/** Right ends of the layers, the lowest first, and their ratios. */
const { ends, ratios } = layers();

function layers(): { ends: Float64Array; ratios: Float64Array } {
  const x = new Float64Array(LAYERS + 1);
  let density = Math.exp(-0.5 * TAIL * TAIL);
  x[0] = AREA / density;
  x[1] = TAIL;
  for (let i = 2; i < LAYERS; i++) {
    x[i] = Math.sqrt(-2 * Math.log(AREA / x[i - 1] + density));
    density = Math.exp(-0.5 * x[i] * x[i]);
  }
  return { ends: x, ratios: Float64Array.from({ length: LAYERS }, (_, i) => x[i + 1] / x[i]) };
}

/** A number in (0, 1], for logarithms. */
const positive = (stream: Stream): number => ((nextWord(stream) >>> 8) + 1) * TWO_24;

/**
 * Fills `out` with standard normal numbers: ziggurat of 128 layers (Marsaglia & Tsang, J. Stat.
 * Softw. 2000) in Doornik's form, with layer and position from different bits of a word.
 */
export function fillNormal(stream: Stream, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) {
    for (;;) {
      const word = nextWord(stream);
      const layer = word & (LAYERS - 1);
      // 24 bits, odd, so that −1 and 1 are as near as 0 is to none.
      const u = (((word >>> 7) & 0xffffff) * 2 + 1) * TWO_24 - 1;
      if (Math.abs(u) < ratios[layer]) {
        out[i] = u * ends[layer];
        break;
      }
      if (layer === 0) {
        let x = 0;
        let y = 0;
        do {
          x = -Math.log(positive(stream)) / TAIL;
          y = -Math.log(positive(stream));
        } while (2 * y < x * x);
        out[i] = u < 0 ? -TAIL - x : TAIL + x;
        break;
      }
      const x = u * ends[layer];
      const top = Math.exp(-0.5 * (ends[layer] ** 2 - x * x));
      const bottom = Math.exp(-0.5 * (ends[layer + 1] ** 2 - x * x));
      if (bottom + positive(stream) * (top - bottom) < 1) {
        out[i] = x;
        break;
      }
    }
  }
}
