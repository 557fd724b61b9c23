/** value → clamp(value · scale + shift, low, high); what is known of a channel's values but not written yet. */
export interface Mapping {
  readonly scale: number;
  readonly shift: number;
  readonly low: number;
  readonly high: number;
}

/** Leaves values as they are. */
export const IDENTITY: Mapping = {
  scale: 1,
  shift: 0,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};

/** Whether the mapping is `value · scale + shift` alone, which linear filters may be applied before or after. */
export const isLinear = ({ low, high }: Mapping): boolean =>
  low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;

/** The mapping, then value · scale + shift. */
export function thenScale(map: Mapping, scale: number, shift: number): Mapping {
  // 0 · ∞ is not a number: a scale of 0 leaves no bounds.
  const move = (bound: number): number =>
    Number.isFinite(bound) ? bound * scale + shift : bound * Math.sign(scale);
  const ends =
    scale === 0
      ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      : [move(map.low), move(map.high)];
  return {
    scale: map.scale * scale,
    shift: map.shift * scale + shift,
    low: Math.min(...ends),
    high: Math.max(...ends),
  };
}

const clamp = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

/** The mapping, then a clamp. */
export function thenClamp(map: Mapping, low: number, high: number): Mapping {
  return { ...map, low: clamp(map.low, low, high), high: clamp(map.high, low, high) };
}

/** What the mapping makes of a value. */
export const mapValue = ({ scale, shift, low, high }: Mapping, value: number): number =>
  clamp(value * scale + shift, low, high);
