import { WeightFormatError } from '../../errors.js';
import { ForeignObject, type PickleDict } from './pickle/values.js';
import { TensorView } from './tensor-view.js';

/** Keys under which training scripts keep the state dict, most usual first. */
const SECTIONS = [
  ...['state_dict', 'model_state_dict', 'network_weights', 'model', 'model_state'],
  ...['network', 'net', 'weights'],
] as const;

/** The dictionary with the tensors, and those around it, outermost first, with the key that was followed in each. */
export interface Section {
  readonly dict: PickleDict;
  readonly around: readonly { readonly dict: PickleDict; readonly key: string }[];
}

/**
 * The dictionary that holds the tensors.
 *
 * @param wanted - Its key; by default the usual keys are tried, also inside one another (`{'state_dict': {'model': …}}`).
 * @throws WeightFormatError `not-found` when there is no such section, `unsafe` or `unsupported` when the object is no dictionary.
 */
export function findSection(object: unknown, wanted: string | undefined): Section {
  if (object instanceof ForeignObject) {
    throw new WeightFormatError(
      'unsafe',
      `the checkpoint is an object of ${object.path} instead of a dictionary of tensors; nothing of it was run: save its state_dict`,
    );
  }
  if (Array.isArray(object) && wanted === undefined) {
    // `torch.save((model.state_dict(), step), …)`: the first that has tensors.
    const dict: unknown = object.find(holdsTensors);
    if (dict !== undefined) return findSection(dict, undefined);
  }
  if (!(object instanceof Map)) {
    throw new WeightFormatError('unsupported', 'the checkpoint does not hold a dictionary');
  }
  if (wanted !== undefined) {
    const dict: unknown = object.get(wanted);
    if (dict instanceof Map) return { dict, around: [{ dict: object, key: wanted }] };
    const there = [...object.keys()].map(String).slice(0, 10).join(', ');
    throw new WeightFormatError('not-found', `the checkpoint has no '${wanted}', only: ${there}`);
  }
  let dict: PickleDict = object;
  const around: { dict: PickleDict; key: string }[] = [];
  for (;;) {
    const key = SECTIONS.find((name) => holdsTensors(dict.get(name)));
    if (key === undefined || around.some((outer) => outer.dict === dict)) return { dict, around };
    around.push({ dict, key });
    dict = dict.get(key) as PickleDict;
  }
}

/** Whether a tensor lies in a dictionary or in one inside it; a dictionary that is shared is looked into once. */
function holdsTensors(value: unknown): boolean {
  const seen = new Set<PickleDict>();
  const stack = [value];
  while (stack.length > 0) {
    const dict = stack.pop();
    if (!(dict instanceof Map) || seen.has(dict)) continue;
    seen.add(dict);
    for (const item of dict.values()) {
      if (item instanceof TensorView) return true;
      if (item instanceof Map) stack.push(item);
    }
  }
  return false;
}
