/** The part of the package `webgpu` (Dawn for Node) that is used here. */
export interface Dawn {
  create(flags: string[]): unknown;
  globals: object;
}

/** Whether the platform has WebGPU already, as browsers do. */
export function hasGpu(): boolean {
  return 'gpu' in navigatorObject();
}

/** Gives Node the globals of WebGPU and `navigator.gpu`. */
export function provideGpu(dawn: Dawn): void {
  Object.assign(globalThis, dawn.globals);
  Object.defineProperty(navigatorObject(), 'gpu', { value: dawn.create([]), configurable: true });
}

/** Node 20 has no global navigator. */
function navigatorObject(): object {
  const scope = globalThis as { navigator?: object };
  if (scope.navigator) return scope.navigator;
  const navigator = {};
  Object.defineProperty(globalThis, 'navigator', {
    value: navigator,
    configurable: true,
    writable: true,
  });
  return navigator;
}
