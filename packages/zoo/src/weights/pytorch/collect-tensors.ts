import type { NamedTensors, SkippedEntry } from '../../api.js';
import { type WeightErrorCode, WeightFormatError } from '../../errors.js';
import { ForeignObject, type PickleDict } from './pickle/values.js';
import { TensorView, UnreadableTensor } from './tensor-view.js';

/** Bounds on nested dictionaries, far above those of any network. */
const MAX_DEPTH = 64;
const MAX_VALUES = 1_000_000;
/** What all tensors may come to, as a multiple of the file: a state dict that names each tensor a few times stays far below. */
const MAX_UNPACK_RATIO = 64;

/** What was found in a dictionary. */
export interface Collected {
  readonly tensors: NamedTensors;
  readonly metadata: Record<string, string>;
  readonly skipped: SkippedEntry[];
}

interface Refused extends SkippedEntry {
  readonly code: WeightErrorCode;
}

/**
 * The tensors of nested dictionaries, named by their path with dots; plain values become metadata, the rest is skipped.
 *
 * @param fileSize - Bytes of the file, which bounds what its tensors may come to.
 * @throws WeightFormatError when there is no tensor and something was skipped: the reason of that.
 */
export async function collectTensors(section: PickleDict, fileSize: number): Promise<Collected> {
  const tensors: NamedTensors = new Map();
  const metadata: Record<string, string> = {};
  const refused: Refused[] = [];
  let budget = fileSize * MAX_UNPACK_RATIO + (1 << 20);
  for (const [name, value] of flatten(section)) {
    if (value instanceof TensorView) {
      // Repeated elements take no room in the file, so they are no weights, and could be any number.
      if (value.isExpanded && value.count > fileSize) {
        refused.push({ name, code: 'corrupt', reason: `few values repeated to ${value.count}` });
        continue;
      }
      const tensor = await value.materialize();
      budget -= tensor.data.byteLength;
      if (budget < 0) {
        throw new WeightFormatError(
          'unsafe',
          'the tensors come to many times the size of the file',
        );
      }
      tensors.set(name, tensor);
    } else if (value instanceof UnreadableTensor) {
      refused.push({ name, code: 'unsupported', reason: value.reason });
    } else if (value instanceof ForeignObject) {
      refused.push({ name, code: 'unsafe', reason: `an object of ${value.path}` });
    } else {
      const text = plainText(value);
      if (text !== undefined) metadata[name] = text;
      else if (value !== null) refused.push({ name, code: 'unsupported', reason: 'no tensor' });
    }
  }
  const first = refused.at(0);
  if (tensors.size === 0 && first) {
    throw new WeightFormatError(
      first.code,
      `the checkpoint holds no tensor that can be read: '${first.name}' is ${first.reason}; nothing of the file was run`,
    );
  }
  return { tensors, metadata, skipped: refused.map(({ name, reason }) => ({ name, reason })) };
}

/** The entries of nested dictionaries that are no dictionaries. */
function* flatten(section: PickleDict): Generator<[string, unknown]> {
  let visited = 0;
  function* visit(dict: PickleDict, prefix: string, depth: number): Generator<[string, unknown]> {
    // A dictionary that holds itself, or is shared many times over, would go on for ever.
    if (depth > MAX_DEPTH) throw new WeightFormatError('corrupt', 'endless nesting');
    for (const [key, value] of dict) {
      if (++visited > MAX_VALUES) throw new WeightFormatError('corrupt', 'endless nesting');
      const name = prefix + String(key);
      if (value instanceof Map) yield* visit(value, `${name}.`, depth + 1);
      else yield [name, value];
    }
  }
  yield* visit(section, '', 0);
}

/** A number, text or truth value as text; undefined for everything else. */
export function plainText(value: unknown): string | undefined {
  return ['number', 'string', 'boolean', 'bigint'].includes(typeof value)
    ? String(value)
    : undefined;
}
