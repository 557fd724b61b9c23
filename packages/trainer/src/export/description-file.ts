import type { ExportDescription } from './describe-model.js';

/** The file beside exported weights that says how they are used. */
export const DESCRIPTION_FILE = 'genesis.json';

/** Its contents. */
export function descriptionText(description: ExportDescription): string {
  return `${JSON.stringify(description, null, 2)}\n`;
}
