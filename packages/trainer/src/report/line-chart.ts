import type { LineChart, Series } from './api.js';
import { escapeHtml } from './escape-html.js';
import { linearTicks, logTicks, shortNumber } from './ticks.js';

const WIDTH = 760;
const HEIGHT = 340;
const LEFT = 74;
const RIGHT = 20;
const TOP = 20;
const BOTTOM = 48;

/** Draws curves over a common x axis as one SVG element, with axes, grid, legend and a text alternative. */
export function lineChart(opts: LineChart): string {
  const values = opts.series.flatMap((series) => series.points.map((point) => point.y));
  values.push(...(opts.baselines ?? []).map((line) => line.y));
  const finite = values.filter(
    (value) => Number.isFinite(value) && (!opts.logarithmic || value > 0),
  );
  const xs = opts.series.flatMap((series) => series.points.map((point) => point.x));
  if (finite.length === 0 || xs.length === 0) {
    return `<p class="empty">${escapeHtml(opts.title)}: no values yet.</p>`;
  }
  const xRange = widen(least(xs), greatest(xs), false);
  const yRange = widen(least(finite), greatest(finite), opts.logarithmic ?? false);
  const scaleY = opts.logarithmic ? Math.log10 : (value: number) => value;
  const px = (x: number): number =>
    LEFT + ((x - xRange[0]) / (xRange[1] - xRange[0])) * (WIDTH - LEFT - RIGHT);
  const py = (y: number): number =>
    HEIGHT -
    BOTTOM -
    ((scaleY(y) - scaleY(yRange[0])) / (scaleY(yRange[1]) - scaleY(yRange[0]))) *
      (HEIGHT - TOP - BOTTOM);
  const parts: string[] = [];
  const yTicks = opts.logarithmic ? logTicks(...yRange) : linearTicks(...yRange);
  for (const tick of yTicks) {
    const y = py(tick).toFixed(1);
    parts.push(
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>`,
      `<text class="tick" x="${LEFT - 8}" y="${y}" dy="0.35em" text-anchor="end">${shortNumber(tick)}</text>`,
    );
  }
  for (const tick of linearTicks(xRange[0], xRange[1], 8)) {
    const x = px(tick).toFixed(1);
    const base = HEIGHT - BOTTOM;
    parts.push(
      `<line class="axis" x1="${x}" x2="${x}" y1="${base}" y2="${base + 5}"/>`,
      `<text class="tick" x="${x}" y="${base + 20}" text-anchor="middle">${shortNumber(tick)}</text>`,
    );
  }
  parts.push(
    `<path class="axis" fill="none" d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}"/>`,
    `<text class="label" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${escapeHtml(opts.xLabel)}</text>`,
    `<text class="label" transform="translate(16 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(opts.yLabel)}</text>`,
  );
  for (const line of opts.baselines ?? []) {
    const y = py(line.y);
    parts.push(
      `<line class="baseline" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}"/>`,
      `<text class="note" x="${WIDTH - RIGHT - 4}" y="${(y - 6).toFixed(1)}" text-anchor="end">${escapeHtml(`${line.name} ${shortNumber(line.y)}`)}</text>`,
    );
  }
  for (const series of opts.series) parts.push(curve(series, px, py, opts.logarithmic ?? false));
  if (opts.mark) {
    const x = px(opts.mark.x).toFixed(1);
    const y = py(opts.mark.y).toFixed(1);
    parts.push(
      `<circle class="mark" cx="${x}" cy="${y}" r="6"/><title>${escapeHtml(opts.mark.name)}</title>`,
    );
  }
  const legend = opts.series.map(
    (series) => `<span class="${series.style}"><i></i>${escapeHtml(series.name)}</span>`,
  );
  if (opts.mark) legend.push(`<span class="marked"><i></i>${escapeHtml(opts.mark.name)}</span>`);
  return `<figure class="chart"><figcaption>${escapeHtml(opts.title)}<span class="legend">${legend.join('')}</span></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(opts.title)}">${parts.join('')}</svg></figure>`;
}

function curve(
  series: Series,
  px: (x: number) => number,
  py: (y: number) => number,
  logarithmic: boolean,
): string {
  const drawable = series.points.filter(
    (point) => Number.isFinite(point.y) && (!logarithmic || point.y > 0),
  );
  const path = drawable
    .map((point, n) => `${n === 0 ? 'M' : 'L'}${px(point.x).toFixed(1)} ${py(point.y).toFixed(1)}`)
    .join('');
  const dots = series.dots
    ? drawable.map(
        (point) =>
          `<circle cx="${px(point.x).toFixed(1)}" cy="${py(point.y).toFixed(1)}" r="2.6"/>`,
      )
    : [];
  return `<g class="${series.style}"><path fill="none" d="${path}"/>${dots.join('')}</g>`;
}

// Not Math.min(...values): a long run has more points than a call can take arguments.
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b));
const greatest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b));

/** A little room on both sides, and never an empty range. */
function widen(low: number, high: number, logarithmic: boolean): [number, number] {
  if (logarithmic) return low === high ? [low / 2, high * 2] : [low / 1.1, high * 1.1];
  if (low === high) return [low - 0.5, high + 0.5];
  return [low, high];
}
