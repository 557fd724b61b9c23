import type * as tf from '@tensorflow/tfjs-core';
import type { NamedNdArrays } from '../api.js';
import { UNet3dError } from '../errors.js';
import type { OnnxGraph } from './graph.js';
import { permuteAxes } from './layout.js';

/** What a converter sees of one layer: its options, its weights and the graph it adds to. */
export class LayerContext {
  constructor(
    readonly graph: OnnxGraph,
    readonly layer: string,
    readonly config: tf.serialization.ConfigDict,
    private readonly weights: NamedNdArrays,
  ) {}

  /** A layer option, as the layer's own configuration has it. */
  option<T>(name: string): T {
    return this.config[name] as T;
  }

  /** Name of a node of this layer. */
  named(part: string): string {
    return `${this.layer}.${part}`;
  }

  has(weight: string): boolean {
    return this.weights.has(this.named(weight));
  }

  /**
   * Adds a weight of the layer to the graph.
   * @param order - Axes of the layer's weight in the order that ONNX wants; default as it is.
   * @param shape - Shape to give it, when it must broadcast over space.
   */
  weight(name: string, order?: readonly number[], shape?: readonly number[]): string {
    const tensor = this.weights.get(this.named(name));
    if (!tensor) {
      throw new UNet3dError('no-weight', `Layer ${this.layer} has no weight ${name} to export.`);
    }
    const axes = order ?? tensor.shape.map((_, axis) => axis);
    const permuted = permuteAxes(tensor, axes);
    return this.graph.weight(this.named(name), permuted.data, shape ?? permuted.shape);
  }

  channels(weight: string): number {
    return this.weights.get(this.named(weight))!.size;
  }
}
