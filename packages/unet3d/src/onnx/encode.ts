import Pbf from 'pbf';
import { ELEMENT_TYPES } from './element-types.js';
import type { OnnxAttribute, OnnxGraph, OnnxInitializer, OnnxNode, OnnxValue } from './graph.js';

// Numbers are the field tags and enum values of the ONNX schema, onnx/onnx.proto3, IR version 8.
const IR_VERSION = 8;

function writeAttribute(entry: readonly [string, OnnxAttribute], pbf: Pbf): void {
  const [name, value] = entry;
  pbf.writeStringField(1, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  } else if (typeof value === 'string') {
    pbf.writeBytesField(4, new TextEncoder().encode(value));
    pbf.writeVarintField(20, 3);
  } else if ('float' in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, 1);
  } else {
    pbf.writePackedVarint(8, [...value]);
    pbf.writeVarintField(20, 7);
  }
}

function writeNode(node: OnnxNode, pbf: Pbf): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(3, node.name);
  pbf.writeStringField(4, node.op);
  for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry);
}

function writeInitializer({ name, dims, data }: OnnxInitializer, pbf: Pbf): void {
  if (dims.length > 0) pbf.writePackedVarint(1, [...dims]);
  pbf.writeVarintField(2, ELEMENT_TYPES[elementType(data)]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function elementType(data: OnnxInitializer['data']): keyof typeof ELEMENT_TYPES {
  if (data instanceof Float32Array) return 'float';
  return data instanceof Uint16Array ? 'half' : 'int64';
}

function writeValue(value: OnnxValue, pbf: Pbf): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(2, writeType, value);
}

function writeType(value: OnnxValue, pbf: Pbf): void {
  pbf.writeMessage(1, writeTensorType, value);
}

function writeTensorType(value: OnnxValue, pbf: Pbf): void {
  pbf.writeVarintField(1, ELEMENT_TYPES.float);
  pbf.writeMessage(2, writeShape, value.dims);
}

function writeShape(dims: OnnxValue['dims'], pbf: Pbf): void {
  for (const dim of dims) pbf.writeMessage(1, writeDimension, dim);
}

function writeDimension(dim: number | string, pbf: Pbf): void {
  if (typeof dim === 'number') pbf.writeVarintField(1, dim);
  else pbf.writeStringField(2, dim);
}

function writeGraph(graph: OnnxGraph, pbf: Pbf): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, 'genesis');
  for (const tensor of graph.initializers) pbf.writeMessage(5, writeInitializer, tensor);
  for (const value of graph.inputs) pbf.writeMessage(11, writeValue, value);
  for (const value of graph.outputs) pbf.writeMessage(12, writeValue, value);
}

function writeOperatorSet(version: number, pbf: Pbf): void {
  pbf.writeStringField(1, '');
  pbf.writeVarintField(2, version);
}

function writeProperty([key, value]: readonly [string, string], pbf: Pbf): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

/** The bytes of an ONNX model file: a `ModelProto` with this graph and operator set. */
export function encodeOnnx(
  graph: OnnxGraph,
  operatorSet: number,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const pbf = new Pbf();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, '@genesis/unet3d');
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, writeOperatorSet, operatorSet);
  for (const entry of Object.entries(metadata)) pbf.writeMessage(14, writeProperty, entry);
  return pbf.finish().slice();
}
