import type { SampleFigure, SliceImage } from './api.js';
import { escapeHtml } from './escape-html.js';
import { pngDataUrl } from './png.js';

/** Slices of one sample side by side, a row for each direction of view. */
export function sampleFigure(sample: SampleFigure): string {
  const heads = sample.columns.map((name) => `<span>${escapeHtml(name)}</span>`);
  const images = sample.rows.flatMap(({ name, slices }) =>
    slices.map((slice, n) =>
      sliceElement(slice, escapeHtml(`${sample.title}: ${sample.columns[n]}, ${name}`)),
    ),
  );
  return `<div class="sample"><header><b>${escapeHtml(sample.title)}</b><span>${escapeHtml(sample.note)}</span></header><div class="images" style="grid-template-columns:repeat(${sample.columns.length},1fr)">${heads.join('')}${images.join('')}</div></div>`;
}

/** The slice as an `<img>`; `alt` must be free of markup. */
function sliceElement(slice: SliceImage, alt: string): string {
  return `<img src="${pngDataUrl(slice.pixels, slice.width, slice.height)}" width="${slice.width}" height="${slice.height}" alt="${alt}">`;
}
