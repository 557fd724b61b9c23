/** Red, green and blue, 0…255. */
export type Color = readonly [number, number, number];

const FIRST: readonly Color[] = [
  [255, 92, 72],
  [64, 176, 255],
  [120, 220, 90],
  [255, 200, 60],
  [190, 120, 255],
  [60, 220, 210],
];

/** Of the hue from colour to colour: the golden angle, so that no two are alike however many there are. */
const TURN = 137.508;

/**
 * The colour of a class wherever it is shown: in pages, in pictures, in files that keep colours.
 *
 * @param n - Which class of the foreground, from 0.
 */
export function classColor(n: number): Color {
  return FIRST[n] ?? fromHue((n * TURN) % 360, n % 2 === 0 ? 0.62 : 0.5);
}

/** A hue in degrees at saturation 0.75 and a lightness. */
function fromHue(hue: number, lightness: number): Color {
  const spread = 0.75 * Math.min(lightness, 1 - lightness);
  const channel = (shift: number): number => {
    const k = (shift + hue / 30) % 12;
    return Math.round(255 * (lightness - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
