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
  /**
   * Leave the spatial sides open although the model fixes them, default false: the graph takes whatever divides as often as it pools.
   * Results near borders and those of statistics over space depend on the size.
   */
  freeSides?: boolean;
  /**
   * Convolve in halves, default false: half the size, faster where there is hardware for it. Normalisation, the last activation, input
   * and outputs stay float32.
   */
  half?: boolean;
}

/** [n, x, y, z, c] → [n, c, x, y, z] with names for the sides that may vary. */
function channelsFirst(shape: readonly (number | null)[], freeSides = false): (number | string)[] {
  if (shape.length !== 5) return ['batch', ...shape.slice(1).map((side) => side ?? 'classes')];
  const names = ['batch', 'x', 'y', 'z', 'channels'];
  const [n, x, y, z, c] = shape.map((side, axis) =>
    freeSides && axis > 0 && axis < 4 ? names[axis] : (side ?? names[axis]),
  );
  return [n, c, x, y, z];
}

/**
 * Writes a model's inference graph as an ONNX file (operator set 17), which onnxruntime, OpenCV,
 * MONAI Deploy and others run. Values are channels first, as is usual there: the input is called
 * `input`, [batch, c, x, y, z], the output `output`, [batch, classes, x, y, z] or [batch, classes]; further outputs have the names of
 * their layers.
 * Batch normalisation with batch statistics stays what it is: the result depends on the batch.
 *
 * @param model - Made of this package's layers and Add; neither changed nor kept.
 * @returns The bytes of the file, which the caller owns. Weights are inside; the format ends at 2 GiB.
 * @throws UNet3dError (`not-exportable`) for a layer of another kind, and for weights that are too large for halves.
 */
export async function exportOnnx(
  model: tfl.LayersModel,
  opts: ExportOnnxOpts = {},
): Promise<Uint8Array> {
  const { freeSides, half, metadata = {} } = opts;
  const graph = new OnnxGraph(half);
  const weights = await getWeights(model);
  const values = new Map<number, string>();
  const input = model.inputs[0];
  values.set(input.id, 'input');
  graph.input('input', channelsFirst(input.shape, freeSides));
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
  for (const [n, output] of model.outputs.entries()) {
    const name = n === 0 ? 'output' : model.outputNames[n];
    graph.node('Identity', [graph.widened(values.get(output.id)!)], {}, name);
    graph.outputs.push({ name, dims: channelsFirst(output.shape, freeSides) });
  }
  return encodeOnnx(graph, OPERATOR_SET, metadata);
}
