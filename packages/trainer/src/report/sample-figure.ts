import { escapeHtml } from './escape-html.js';
import { type SliceImage, sliceElement } from './slices.js';

export interface SampleFigure {
  readonly title: string;
  readonly note: string;
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** Rows of slices, one for each column. */
  readonly rows: readonly { readonly name: string; readonly slices: readonly SliceImage[] }[];
}

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
