import { VolumeIoError } from '../../errors.js';
import type { Stack } from './stack.js';

/**
 * The stack that `series` names: a series instance UID (with '#2' for the second of its stacks), a series number, or a
 * description. Left out, there must be one only; localizers beside another stack of their series do not count.
 * Throws VolumeIoError 'series-required', which lists them, 'bad-argument' or 'empty'.
 */
export function chooseStack(
  stacks: readonly Stack[],
  series: string | number | undefined,
  file: string,
): { stack: Stack; notes: string[] } {
  if (stacks.length === 0) {
    throw new VolumeIoError('empty', 'holds no DICOM images', { file });
  }
  const named = series === undefined ? stacks : stacks.filter((s) => matches(s, series));
  if (named.length === 0) {
    throw new VolumeIoError(
      'bad-argument',
      `has no DICOM series ${JSON.stringify(series)}; it holds ${listStacks(stacks)}`,
      { file },
    );
  }
  const images = named.filter((s) => !s.localizer);
  const sameSeries = named.every((s) => s.uid === named[0].uid);
  const dropped = images.length > 0 && sameSeries ? named.length - images.length : 0;
  const candidates = dropped > 0 ? images : named;
  if (candidates.length > 1) {
    throw new VolumeIoError(
      'series-required',
      `holds ${candidates.length} DICOM series; choose one with the option series: ${listStacks(candidates)}`,
      { file },
    );
  }
  const notes =
    dropped > 0
      ? [`${dropped === 1 ? 'A localizer was' : 'Localizers were'} left out of the series.`]
      : [];
  return { stack: candidates[0], notes };
}

function matches(stack: Stack, series: string | number): boolean {
  const file = firstFile(stack);
  if (typeof series === 'number') return file.seriesNumber === series;
  return stack.id === series || stack.uid === series || file.description === series;
}

/** '"Chest 1.0" (CT 275×512×512, 1.2.3)' for each stack. */
function listStacks(stacks: readonly Stack[]): string {
  const shown = stacks.slice(0, 20).map((s) => `${JSON.stringify(s.id)} (${describeStack(s)})`);
  return shown.join(', ') + (stacks.length > 20 ? ', …' : '');
}

/** 'series 3, CT, Chest 1.0, 275 slices of 512×512' */
export function describeStack(stack: Stack): string {
  const file = firstFile(stack);
  const { columns, rows } = file.image;
  const slices = stack.volumes[0].length;
  const count = stack.volumes.length > 1 ? `${stack.volumes.length} volumes of ` : '';
  return [
    file.seriesNumber === undefined ? undefined : `series ${file.seriesNumber}`,
    file.modality,
    file.description,
    stack.localizer ? 'localizer' : undefined,
    stack.label,
    `${count}${slices} ${slices === 1 ? 'slice' : 'slices'} of ${columns}×${rows}`,
  ]
    .filter((part) => part)
    .join(', ');
}

export function firstFile(stack: Stack): Stack['volumes'][0][0]['file'] {
  return stack.volumes[0][0].file;
}
