import type { Layer, Stage } from './stage.js';

/** Does something with every layer of every field of a stage. */
export function everyLayer(stage: Stage, move: (layer: Layer) => void): void {
  for (const field of stage.fields) for (const layer of stage.layersOf(field)) move(layer);
}
