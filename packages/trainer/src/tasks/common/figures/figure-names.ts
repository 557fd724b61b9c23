import type { FigureName } from './api.js';

/** The figures that `scoreRegions` gives, in the order of tables. */
export const regionFigures = [
  'dice',
  'iou',
  'sensitivity',
  'precision',
  'surfaceDice',
  'hd95',
  'hd',
  'assd',
  'trueVolume',
  'predictedVolume',
  'volumeError',
  'volumeErrorPercent',
  'lesionF1',
  'trueLesions',
  'foundLesions',
  'predictedLesions',
  'inventedLesions',
] as const satisfies readonly FigureName[];

/** The same and those that only probabilities tell. */
export const modelFigures = [...regionFigures, 'meanIou'] as const satisfies readonly FigureName[];
