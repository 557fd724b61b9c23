import { exportOnnx } from '@genesis/unet3d';
import type { ExportFiles, ExportSource } from './api.js';
import { describeModel } from './describe-model.js';
import { DESCRIPTION_FILE, descriptionText } from './description-file.js';
import { pythonFile } from './python-file.js';

const WEIGHTS = 'model.onnx';

/** An ONNX file with free sides and batch, what is to be known of it, and for a segmentation a Python script that applies it. */
export async function onnxFiles({ card, model, half }: ExportSource): Promise<ExportFiles> {
  const description = describeModel(card, model, WEIGHTS);
  const metadata = { genesis: JSON.stringify(description) };
  const files = new Map<string, Uint8Array | string>();
  files.set(WEIGHTS, await exportOnnx(model, { freeSides: true, half, metadata }));
  files.set(DESCRIPTION_FILE, descriptionText(description));
  if (card.kind === 'segmentation') files.set('predict.py', await pythonFile('predict.py'));
  return files;
}
