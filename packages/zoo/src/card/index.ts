export {
  type Benefit,
  CARD_FILE,
  type DataSource,
  MODEL_PACKAGE_FORMAT,
  type ModelFacts,
  type ModelRecipe,
  type PackageFile,
  type PictureRow,
  type PublishedModel,
  type TrainingFacts,
  type TrainingPoint,
} from './api.js';
export { modelRows, type Row } from './model-rows.js';
export { packageName } from './package-name.js';
export { parseModelFacts, parsePublishedModel, readPublishedModel } from './parse-card.js';
export { factRows, NOT_A_DEVICE, renderReadme } from './render-readme.js';
