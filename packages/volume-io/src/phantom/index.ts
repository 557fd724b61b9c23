export {
  type ChestPhantom,
  type ChestPhantomOpts,
  type PhantomNodule,
  phantomLabelNames,
  phantomLabels,
} from './api.js';
export { chestPhantom } from './chest-phantom.js';
