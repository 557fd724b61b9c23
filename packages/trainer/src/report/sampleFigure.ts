import { escapeHtml } from './escapeHtml.js';
import { type SliceImage, sliceElement } from './slices.js';

export interface SampleFigure {
  readonly title: string;
  readonly note: string;
  /** Side by side, in this order. */
  readonly images: readonly { readonly caption: string; readonly slice: SliceImage }[];
}

/** Images of one sample in a row, with their captions. */
export function sampleFigure(sample: SampleFigure): string {
  const figures = sample.images.map(
    ({ caption, slice }) =>
      `<figure>${sliceElement(slice, escapeHtml(`${sample.title}: ${caption}`))}<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  );
  // Columns as wide as their slices, so that all have one scale.
  const columns = sample.images.map(({ slice }) => `${slice.width}fr`).join(' ');
  return `<div class="sample"><header><b>${escapeHtml(sample.title)}</b><span>${escapeHtml(sample.note)}</span></header><div class="images" style="grid-template-columns:${columns}">${figures.join('')}</div></div>`;
}
