import type { ExportWriter } from './api.js';

/** The form in which a model is written for other programs. */
export type ExportFormat = 'onnx' | 'pytorch' | 'safetensors' | 'tfjs' | 'bundle';

/** What writes each form, loaded when it is asked for. */
export const exportFormats: Readonly<Record<ExportFormat, () => Promise<ExportWriter>>> = {
  onnx: async (): Promise<ExportWriter> => (await import('./onnx.js')).onnxFiles,
  pytorch: async (): Promise<ExportWriter> => (await import('./pytorch.js')).pytorchFiles,
  safetensors: async (): Promise<ExportWriter> => (await import('./pytorch.js')).safetensorsFiles,
  tfjs: async (): Promise<ExportWriter> => (await import('./tfjs.js')).tfjsFiles,
  bundle: async (): Promise<ExportWriter> => (await import('./bundle/bundle.js')).bundleFiles,
};

/** The names of all forms. */
export const exportFormatNames = Object.keys(exportFormats) as readonly ExportFormat[];
