import { type EngineName, probeEngines } from '@genesis/unet3d';
import test, { type ExecutionContext } from 'ava';
import { useEngine } from './use-engine.js';

export { useEngine };

/** How far an engine's float32 results may be from the reference's: relative L2 of an output. */
export const OUTPUT_TOLERANCE: Record<EngineName, number> = {
  cpu: 1e-5,
  native: 1e-5,
  webgpu: 1e-5,
  tensorflow: 1e-5,
  'tensorflow-gpu': 1e-5,
};

const status = await probeEngines();

/** Why an engine cannot be used on this machine; undefined when it can. */
export function whyNot(engine: EngineName): string | undefined {
  return status.find(({ name }) => name === engine)?.reason;
}

/** Declares a test that runs with an engine in use; skipped, with the reason in its title, where there is no such engine. */
export function testOn(
  engine: EngineName,
  title: string,
  run: (t: ExecutionContext) => void | Promise<void>,
): void {
  const reason = whyNot(engine);
  if (reason !== undefined) {
    test.serial.skip(`${title} (${reason})`, run);
    return;
  }
  test.serial(title, async (t) => {
    await useEngine(engine);
    await run(t);
  });
}
