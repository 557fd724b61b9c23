import type * as tf from '@tensorflow/tfjs-core';
import type { NamedNdArrays } from '../api.js';
import { UNet3dError } from '../errors.js';
import { permuteAxes } from '../tensor/permute-axes.js';
import type { OnnxGraph } from './graph.js';

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
   */
  weight(name: string, order?: readonly number[]): string {
    const { data, shape } = this.values(name, order);
    return this.graph.weight(this.named(name), data, shape);
  }

  /**
   * Adds a weight of the layer to the graph as float32, whatever the graph's precision.
   * @param shape - Shape to give it, when it must broadcast over space.
   */
  wideWeight(name: string, shape?: readonly number[]): string {
    const found = this.values(name);
    return this.graph.wideWeight(this.named(name), found.data, shape ?? found.shape);
  }

  channels(weight: string): number {
    return this.weights.get(this.named(weight))!.size;
  }

  private values(
    name: string,
    order?: readonly number[],
  ): { readonly data: Float32Array; readonly shape: number[] } {
    const tensor = this.weights.get(this.named(name));
    if (!tensor) {
      throw new UNet3dError('no-weight', `Layer ${this.layer} has no weight ${name} to export.`);
    }
    return permuteAxes(tensor, order ?? tensor.shape.map((_, axis) => axis));
  }
}
