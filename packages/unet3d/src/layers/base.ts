import type * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { OptionError } from '../errors.js';

/** What every layer of this package takes besides its own options. */
export interface BaseLayerOpts {
  /** Stable name; the weights are called `name.weight`. */
  name?: string;
  /** Default true. */
  trainable?: boolean;
}

/** Shape of a layer's tensor, batch first; null where a size is not known. */
export type LayerShape = tfl.Shape;
/** What a layer is called with. */
export type LayerInput = tf.Tensor | tf.Tensor[];

/** A layer with exactly one input tensor. */
export abstract class UnaryLayer extends tfl.layers.Layer {
  override call(inputs: LayerInput, kwargs: { training?: boolean }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return this.forward(x as tf.Tensor5D, kwargs?.training === true);
  }

  override computeOutputShape(inputShape: LayerShape | LayerShape[]): LayerShape {
    return this.outputShapeOf(oneShape(inputShape));
  }

  /** The layer's value. The caller disposes it. */
  protected abstract forward(x: tf.Tensor5D, training: boolean): tf.Tensor;

  /** Shape of the value for an input of this shape. */
  protected abstract outputShapeOf(inputShape: LayerShape): LayerShape;
}

/** The shape of a layer's only (or first) input. */
export function oneShape(shape: LayerShape | LayerShape[]): LayerShape {
  return Array.isArray(shape[0]) ? shape[0] : (shape as LayerShape);
}

/** Number of channels of an input. @throws OptionError when it is not known as the layer is built. */
export function channelsOf(layer: string, shape: LayerShape): number {
  const channels = shape[shape.length - 1];
  if (channels == null) {
    throw new OptionError(
      'inputShape',
      `Layer ${layer}: the number of input channels must be given, not null.`,
    );
  }
  return channels;
}
