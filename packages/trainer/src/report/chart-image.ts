import type { LineChart } from './api.js';
import { escapeHtml } from './escape-html.js';
import { lineChart } from './line-chart.js';

/** The colours of the page's light side: a picture cannot follow the reader's setting. */
const STYLE = `svg{background:#fff;font-family:sans-serif}.grid{stroke:#d9dfe7}.axis{stroke:#5d6b7c}text{fill:#5d6b7c;font-size:12px}
.train path{stroke:#3b6fd4;stroke-width:1.4}.train circle{fill:#3b6fd4}text.train{fill:#3b6fd4}
.validation path{stroke:#d9622b;stroke-width:2.2}.validation circle{fill:#d9622b}text.validation{fill:#d9622b}
.baseline{stroke:#8a94a3;stroke-dasharray:6 5}.mark{fill:none;stroke:#1c2430;stroke-width:2}`;

/** A chart as an SVG file of its own, with its legend inside; undefined where it has no values. */
export function chartImage(chart: LineChart): string | undefined {
  const svg = /<svg .*<\/svg>/s.exec(lineChart(chart))?.[0];
  if (svg === undefined) return undefined;
  const legend = chart.series.map(
    ({ name, style }, n) =>
      `<text class="${style}" x="${600}" y="${36 + 18 * n}">— ${escapeHtml(name)}</text>`,
  );
  return svg
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replace('>', `><style>${STYLE}</style>`)
    .replace('</svg>', `${legend.join('')}</svg>\n`);
}
