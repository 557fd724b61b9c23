import type { ExportWriter } from './api.js';

/** The forms in which a model can be written, each loaded when it is asked for. */
export const exportFormats = {
  onnx: async (): Promise<ExportWriter> => (await import('./onnx.js')).onnxFiles,
  pytorch: async (): Promise<ExportWriter> => (await import('./pytorch.js')).pytorchFiles,
  safetensors: async (): Promise<ExportWriter> => (await import('./pytorch.js')).safetensorsFiles,
  tfjs: async (): Promise<ExportWriter> => (await import('./tfjs.js')).tfjsFiles,
  bundle: async (): Promise<ExportWriter> => (await import('./bundle/bundle.js')).bundleFiles,
} satisfies Record<string, () => Promise<ExportWriter>>;

/** The name of such a form. */
export type ExportFormat = keyof typeof exportFormats;

/** The names of all. */
export const exportFormatNames = Object.keys(exportFormats) as readonly ExportFormat[];
