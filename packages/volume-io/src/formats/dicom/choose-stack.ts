import { VolumeIoError } from '../../errors.js';
import type { Stack } from './stack.js';

/**
 * The stack that `series` names: a series instance UID (with '#2' for the second of its stacks), a series number, or a
 * description. Left out, there must be one only; what is no volume (localizers, single images, screenshots) does not count
 * beside one.
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
  const volumes = named.filter((stack) => !isAside(stack));
  const candidates = volumes.length > 0 ? volumes : named;
  if (candidates.length > 1) {
    throw new VolumeIoError(
      'series-required',
      `holds ${candidates.length} DICOM series; choose one with the option series: ${listStacks(candidates)}`,
      { file },
    );
  }
  const [stack] = candidates;
  return { stack, notes: leftOut(named.filter((other) => other !== stack)) };
}

/** Made beside volumes, and none itself: a scout, a dose report, a screenshot, a single image. */
function isAside(stack: Stack): boolean {
  const { image } = firstFile(stack);
  const [first] = stack.volumes;
  const isColour = image.samples > 1 || image.photometric === 'PALETTE COLOR';
  return (
    stack.localizer ||
    (stack.volumes.length === 1 && first.length === 1) ||
    (isColour && first[0].info.position === undefined)
  );
}

/** Stacks that a note names. */
const MOST_NAMED = 5;

function leftOut(stacks: readonly Stack[]): string[] {
  if (stacks.length === 0) return [];
  const names = stacks.slice(0, MOST_NAMED).map(describeStack).join('; ');
  const more = stacks.length > MOST_NAMED ? '; …' : '';
  const kinds = stacks.every((stack) => stack.localizer)
    ? ['A localizer was', `${stacks.length} localizers were`]
    : ['An image that is no volume was', `${stacks.length} images that are no volumes were`];
  return [`${kinds[stacks.length === 1 ? 0 : 1]} left out: ${names}${more}.`];
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
