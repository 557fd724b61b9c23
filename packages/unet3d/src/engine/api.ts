/** The engines that a model can run on. */
export type EngineName = 'tensorflow-gpu' | 'tensorflow' | 'native' | 'webgpu' | 'cpu';

/** What an engine says about itself. */
export type EngineDetails = Record<string, string | number | boolean>;

/** An engine in use. */
export interface Engine {
  /** Which one. */
  name: EngineName;
  /** Name of the TensorFlow.js back end, what `tf.getBackend()` returns. */
  backend: string;
  /** What it says about itself. */
  details: EngineDetails;
}

/** Whether an engine can be used here, and if not, why and what to do. */
export interface EngineStatus {
  /** Which one. */
  name: EngineName;
  /** Whether it was loaded. */
  usable: boolean;
  /** Why not, and what to do. */
  reason?: string;
  /** What it says about itself; empty when it cannot be used. */
  details: EngineDetails;
}

/** Loads one engine. */
export interface EngineLoader {
  /** Name of its TensorFlow.js back end. */
  backend: string;
  /** Loads the code and registers the back end. Throws an Error whose message is the reason when it cannot. */
  load(): Promise<EngineDetails>;
  /** Whether `auto` may take it, given what it says about itself. A software graphics adapter, say, it does not. */
  preferred(details: EngineDetails): boolean;
}

/** A loader for each engine of this platform. */
export type EngineLoaders = Record<EngineName, EngineLoader>;
