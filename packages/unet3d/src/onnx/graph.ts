import { float32ToFloat16 } from '@genesis/core';
import { UNet3dError } from '../errors.js';
import { ELEMENT_TYPES } from './element-types.js';

/** An ONNX attribute: integers are INT, `{ float }` FLOAT, strings STRING, arrays INTS. */
export type OnnxAttribute = number | { readonly float: number } | string | readonly number[];

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

export interface OnnxInitializer {
  readonly name: string;
  readonly dims: readonly number[];
  /** Halves are kept as their bits. */
  readonly data: Float32Array | Uint16Array | BigInt64Array;
}

/** A value that enters or leaves the graph; a string is the name of a side that may vary. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

/**
 * An ONNX graph in the making: nodes in order of execution, weights, and what goes in and out. With `half` its values are halves, but for
 * those that were widened.
 */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  private readonly shared = new Map<string, string>();
  /** Values that are float32 although the graph computes in halves. */
  private readonly wide = new Set<string>();

  constructor(readonly half = false) {}

  /** A value that enters the graph, which is float32. */
  input(name: string, dims: OnnxValue['dims']): void {
    this.inputs.push({ name, dims });
    this.wide.add(name);
  }

  /** Adds a node with one output and returns the name of that output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    name = `${op}_${this.nodes.length}`,
  ): string {
    this.nodes.push({ op, name, inputs, outputs: [name], attributes });
    if (inputs.some((input) => this.wide.has(input))) this.wide.add(name);
    return name;
  }

  /** The value as float32: itself, or a copy. What nodes make of it is float32 too. */
  widened(value: string): string {
    if (!this.half || this.wide.has(value)) return value;
    const copy = this.node('Cast', [value], { to: ELEMENT_TYPES.float });
    this.wide.add(copy);
    return copy;
  }

  /** The value in the precision of the graph: itself, or a copy as halves. */
  narrowed(value: string): string {
    if (!this.half || !this.wide.has(value)) return value;
    const copy = this.node('Cast', [value], { to: ELEMENT_TYPES.half });
    this.wide.delete(copy);
    return copy;
  }

  /**
   * Adds a weight in the precision of the graph and returns its name.
   *
   * @throws UNet3dError (`not-exportable`) for a value that is too large for a half.
   */
  weight(name: string, data: Float32Array, dims: readonly number[]): string {
    if (!this.half) return this.wideWeight(name, data, dims);
    const halves = float32ToFloat16(data);
    const lost = halves.findIndex((bits) => (bits & 0x7c00) === 0x7c00);
    if (lost >= 0) {
      throw new UNet3dError(
        'not-exportable',
        `The weight ${name} holds ${data[lost]}, but the largest half is 65504: export it in float32.`,
      );
    }
    this.initializers.push({ name, dims, data: halves });
    return name;
  }

  /** Adds a float32 weight and returns its name. */
  wideWeight(name: string, data: Float32Array, dims: readonly number[]): string {
    this.initializers.push({ name, dims, data });
    return name;
  }

  /** A list of integers as a tensor (shapes, axes); equal lists share one initializer. */
  integers(values: readonly number[]): string {
    return this.once(`int_${values.join('_')}`, [values.length], () =>
      BigInt64Array.from(values, BigInt),
    );
  }

  /** A float32 as a tensor that broadcasts; equal numbers share one initializer. */
  scalar(value: number): string {
    return this.once(`float_${value}`, [1], () => Float32Array.of(value));
  }

  private once(
    name: string,
    dims: readonly number[],
    data: () => Float32Array | BigInt64Array,
  ): string {
    const known = this.shared.get(name);
    if (known) return known;
    this.shared.set(name, name);
    this.initializers.push({ name, dims, data: data() });
    return name;
  }
}
