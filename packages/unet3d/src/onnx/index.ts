export { type ExportOnnxOpts, exportOnnx } from './export-onnx.js';
