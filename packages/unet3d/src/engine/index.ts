export type { Engine, EngineDetails, EngineName, EngineStatus } from './api.js';
export { ENGINE_ORDER, probeEngines, selectEngine } from './select-engine.js';
export { tuneEngine } from './tune-engine.js';
