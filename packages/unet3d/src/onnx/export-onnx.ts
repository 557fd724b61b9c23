import type * as tfl from '@tensorflow/tfjs-layers';
import { UNet3dError } from '../errors.js';
import { getWeights } from '../weights/get-weights.js';
import { converters } from './converters.js';
import { encodeOnnx } from './encode.js';
import { OnnxGraph } from './graph.js';
import { LayerContext } from './layer-context.js';

/** The version of ONNX's standard operators that the graph is written in. */
const OPERATOR_SET = 17;

/** What is written beside the graph. */
export interface ExportOnnxOpts {
  /** Free text kept in the file, such as how the model was trained. */
  metadata?: Readonly<Record<string, string>>;
}

/** [n, x, y, z, c] → [n, c, x, y, z] with names for the sides that may vary. */
function channelsFirst(shape: readonly (number | null)[]): (number | string)[] {
  if (shape.length !== 5) return ['batch', ...shape.slice(1).map((side) => side ?? 'classes')];
  const names = ['batch', 'x', 'y', 'z', 'channels'];
  const sides = shape.map((side, axis) => side ?? names[axis]);
  return [sides[0], sides[4], sides[1], sides[2], sides[3]];
}

/**
 * Writes a model's inference graph as an ONNX file (operator set 17), which onnxruntime, OpenCV,
 * MONAI Deploy and others run. Values are channels first, as is usual there: the input is called
 * `input`, [batch, c, x, y, z], the output `output`, [batch, classes, x, y, z] or [batch, classes].
 * Batch normalisation with batch statistics stays what it is: the result depends on the batch.
 *
 * @param model - Made of this package's layers and Add; neither changed nor kept.
 * @returns The bytes of the file, which the caller owns. Weights are inside; the format ends at 2 GiB.
 * @throws UNet3dError (`not-exportable`) for a layer of another kind.
 */
export async function exportOnnx(
  model: tfl.LayersModel,
  opts: ExportOnnxOpts = {},
): Promise<Uint8Array> {
  const graph = new OnnxGraph();
  const weights = await getWeights(model);
  const values = new Map<number, string>();
  const input = model.inputs[0];
  values.set(input.id, 'input');
  graph.inputs.push({ name: 'input', dims: channelsFirst(input.shape) });
  for (const layer of model.layers) {
    const kind = layer.getClassName();
    if (kind === 'InputLayer') continue;
    const convert = converters[kind];
    if (!convert) {
      throw new UNet3dError(
        'not-exportable',
        `Layer ${layer.name} is a ${kind}, which cannot be written as ONNX; export knows ${Object.keys(converters).join(', ')}.`,
      );
    }
    const context = new LayerContext(graph, layer.name, layer.getConfig(), weights);
    // A layer that two models share has a node in each: the one whose inputs are known is ours.
    const node = layer.inboundNodes.find(({ inputTensors }) =>
      inputTensors.every(({ id }) => values.has(id)),
    );
    if (!node) {
      throw new UNet3dError('not-exportable', `Layer ${layer.name} is not connected to the input.`);
    }
    const inputs = node.inputTensors.map(({ id }) => values.get(id)!);
    values.set(node.outputTensors[0].id, convert(context, inputs));
  }
  const output = model.outputs[0];
  graph.node('Identity', [values.get(output.id)!], {}, 'output');
  graph.outputs.push({ name: 'output', dims: channelsFirst(output.shape) });
  return encodeOnnx(graph, OPERATOR_SET, opts.metadata ?? {});
}
