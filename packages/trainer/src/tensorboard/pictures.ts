import type { Block, ReportData, SampleFigure, SliceImage } from '../report/api.js';
import { encodePng } from '../report/png.js';
import type { SummaryValue } from './event.js';

/** Pixels between slices. */
const GAP = 2;

/** A picture for each sample of a report, its slices side by side as there. */
export function pictures({ sections }: ReportData): SummaryValue[] {
  return sections.flatMap(({ title, blocks }) =>
    samplesOf(blocks).map((sample, n) => ({
      tag: `${title}/${n + 1} ${sample.title}`,
      image: pictureOf(sample),
    })),
  );
}

function samplesOf(blocks: readonly Block[]): SampleFigure[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'samples') return block.samples;
    return block.kind === 'details' ? samplesOf(block.blocks) : [];
  });
}

function pictureOf({ rows }: SampleFigure): { png: Uint8Array; width: number; height: number } {
  const width = Math.max(...rows.map(({ slices }) => endOf(slices.map((slice) => slice.width))));
  const heights = rows.map(({ slices }) => Math.max(...slices.map((slice) => slice.height)));
  const height = endOf(heights);
  const pixels = new Uint8Array(width * height * 3);
  let top = 0;
  rows.forEach(({ slices }, row) => {
    let left = 0;
    for (const slice of slices) {
      draw(slice, pixels, width, left, top);
      left += slice.width + GAP;
    }
    top += heights[row] + GAP;
  });
  return { png: encodePng(pixels, width, height), width, height };
}

const endOf = (sides: readonly number[]): number =>
  sides.reduce((sum, side) => sum + side + GAP, -GAP);

function draw(
  slice: SliceImage,
  pixels: Uint8Array,
  stride: number,
  left: number,
  top: number,
): void {
  const channels = slice.pixels.length / (slice.width * slice.height);
  for (let y = 0; y < slice.height; y++) {
    for (let x = 0; x < slice.width; x++) {
      const from = (y * slice.width + x) * channels;
      const to = ((top + y) * stride + left + x) * 3;
      for (let c = 0; c < 3; c++) pixels[to + c] = slice.pixels[from + (channels === 1 ? 0 : c)];
    }
  }
}
