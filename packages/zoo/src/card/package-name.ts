/** What the packages of models are called in a registry. */
const PREFIX = '@genesis/model-';

/** The npm package of the model called `name`. */
export function packageName(name: string): string {
  return PREFIX + name;
}
