import { TrainerError } from '../errors.js';

/** Options with `images`, or with one of the names that it had before: `data`, `input`. */
export type OlderNames<T extends { readonly images: string }> = T extends unknown
  ?
      | T
      | (Omit<T, 'images'> & { readonly data: string })
      | (Omit<T, 'images'> & { readonly input: string })
  : never;

/**
 * Which volumes are meant: `images`, by any of its names.
 *
 * @throws TrainerError 'bad-config' when none or several are given.
 */
export function imagesOf(opts: object): string {
  const { images, data, input } = opts as Readonly<Record<string, unknown>>;
  const given = [images, data, input].filter((one) => one !== undefined);
  if (given.length === 1 && typeof given[0] === 'string') return given[0];
  throw new TrainerError(
    'bad-config',
    given.length > 1
      ? "option 'images' is given twice, once by its older name"
      : "the option 'images' is missing",
  );
}
