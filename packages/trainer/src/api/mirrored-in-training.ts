import { readFile } from 'node:fs/promises';
import type { AugmentationSpec } from '@genesis/transforms';
import { runOfFile, runPaths } from '../run/layout.js';
import type { RunInfo } from '../run/run-info.js';

/** An axis of what the network sees. */
export type Axis = 'x' | 'y' | 'z';

/** All of them; each at its number. */
export const axisNames: readonly Axis[] = ['x', 'y', 'z'];

const ALL = [0, 1, 2] as const;

/**
 * The axes along which training samples were mirrored in the run of a weight file, so that its network knows mirror images; undefined for
 * a file that stands without its run.
 */
export async function mirroredInTraining(file: string): Promise<readonly Axis[] | undefined> {
  const run = runOfFile(file);
  if (run === undefined) return undefined;
  const { info, config } = runPaths(run);
  const [infoText, configText] = await Promise.all(
    [info, config].map((path) => readFile(path, 'utf8').catch(() => undefined)),
  );
  if (infoText === undefined || configText === undefined) return undefined;
  const { augmentation } = JSON.parse(infoText) as RunInfo;
  if (augmentation) {
    const numbers = axesOf(augmentation);
    return axisNames.filter((_, n) => numbers.some((number) => number === n));
  }
  const { augment, flipAxes } = JSON.parse(configText) as {
    readonly augment?: unknown;
    readonly flipAxes?: readonly Axis[];
  };
  return augment === 'basic' || augment === undefined ? (flipAxes ?? []) : [];
}

/** The axes that an augmentation may reverse. */
function axesOf(spec: AugmentationSpec): readonly (0 | 1 | 2)[] {
  switch (spec.name) {
    case 'compose':
    case 'one-of':
      return spec.steps.flatMap(axesOf);
    case 'mirror':
      return spec.opts?.axes ?? ALL;
    case 'nnunet':
    case 'light':
      return spec.opts?.mirrorAxes ?? ALL;
    case 'torchio-mr':
      return spec.opts?.mirrorAxes ?? [0];
    default:
      return [];
  }
}
