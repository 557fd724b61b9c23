import type { ModelCard } from '@genesis/inference';
import type { NamedNdArrays } from '@genesis/unet3d';
import type { Checkpoint } from '../run/checkpoint.js';
import type { LoopState } from './api.js';
import type { ObserverState, Snapshot } from './observer.js';

/** The state as it stands in a file: the loop's own, and by name what the observers remember. */
interface SavedState extends LoopState {
  readonly observers: Readonly<Record<string, unknown>>;
}

/** The state of files before observers had memories of their own. */
interface FlatState extends LoopState {
  readonly sinceBest: number;
  readonly flat: number;
}

/** A snapshot as one file holds it: an observer's tensors are named after it, `NAME/KEY`. */
export function toCheckpoint(snapshot: Snapshot, model: ModelCard): Checkpoint<SavedState> {
  const values: Record<string, unknown> = {};
  const tensors: NamedNdArrays = new Map();
  for (const [name, memory] of snapshot.observers) {
    if (memory.values !== undefined) values[name] = memory.values;
    for (const [key, tensor] of memory.tensors ?? []) tensors.set(`${name}/${key}`, tensor);
  }
  const { weights, optimizer, state } = snapshot;
  return { weights, optimizer, observers: tensors, state: { ...state, observers: values }, model };
}

/** The snapshot that a file holds, written by this version or by an earlier one. */
export function fromCheckpoint(checkpoint: Checkpoint<SavedState | FlatState>): Snapshot {
  const { observers: values, ...state } = withMemories(checkpoint.state);
  const tensorsOf = new Map<string, NamedNdArrays>();
  for (const [path, tensor] of checkpoint.observers ?? []) {
    const end = path.indexOf('/');
    const name = path.slice(0, end);
    const own = tensorsOf.get(name) ?? new Map();
    tensorsOf.set(name, own.set(path.slice(end + 1), tensor));
  }
  const observers = new Map<string, ObserverState>();
  for (const name of new Set([...Object.keys(values), ...tensorsOf.keys()])) {
    observers.set(name, { values: values[name], tensors: tensorsOf.get(name) });
  }
  const { weights, optimizer = new Map() } = checkpoint;
  return { weights, optimizer, state, observers };
}

function withMemories(state: SavedState | FlatState): SavedState {
  if ('observers' in state) return state;
  const { sinceBest, flat, ...rest } = state;
  return { ...rest, observers: { 'early-stopping': { sinceBest }, health: { flat } } };
}
