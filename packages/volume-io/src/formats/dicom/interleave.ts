import { copyStrided, type NumberArray, zerosLike } from '@genesis/core';

/** Planes one after the other → samples side by side per pixel. */
export function interleave<T extends NumberArray>(planes: T, components: number): T {
  const pixels = planes.length / components;
  const out = zerosLike(planes, planes.length);
  const [from, to] = [
    [pixels, 1],
    [1, components],
  ];
  copyStrided(planes, { offset: 0, stride: from }, out, { offset: 0, stride: to }, [
    components,
    pixels,
  ]);
  return out;
}
