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
  readonly data: Float32Array | BigInt64Array;
}

/** A value that enters or leaves the graph; a string is the name of a side that may vary. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
}

/** An ONNX graph in the making: nodes in order of execution, weights, and what goes in and out. */
export class OnnxGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  private readonly shared = new Map<string, string>();

  /** Adds a node with one output and returns the name of that output. */
  node(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    name = `${op}_${this.nodes.length}`,
  ): string {
    this.nodes.push({ op, name, inputs, outputs: [name], attributes });
    return name;
  }

  /** Adds a float32 weight and returns its name. */
  weight(name: string, data: Float32Array, dims: readonly number[]): string {
    this.initializers.push({ name, dims, data });
    return name;
  }

  /** A list of integers as a tensor (shapes, axes); equal lists share one initializer. */
  integers(values: readonly number[]): string {
    return this.once(`int_${values.join('_')}`, [values.length], () =>
      BigInt64Array.from(values, BigInt),
    );
  }

  /** A float as a tensor that broadcasts; equal numbers share one initializer. */
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
