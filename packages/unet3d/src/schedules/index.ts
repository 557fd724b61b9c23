export { type CosineDecayOpts, cosineDecay } from './cosine-decay.js';
export { type Plateau, type PlateauOpts, type PlateauState, plateau } from './plateau.js';
export { type PolyDecayOpts, polyDecay } from './poly-decay.js';
export type { Schedule } from './schedule.js';
export { type StepDecayOpts, stepDecay } from './step-decay.js';
export { type WarmUpOpts, warmUp } from './warm-up.js';
