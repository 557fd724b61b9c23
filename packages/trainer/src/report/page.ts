import type { Block, ReportData } from './api.js';
import { escapeHtml } from './escape-html.js';
import { lineChart } from './line-chart.js';
import { sampleFigure } from './sample-figure.js';
import { reportStyle } from './style.js';
import { dataTable, factTable } from './tables.js';

/** A whole HTML document that needs nothing else. */
export function renderPage(report: ReportData): string {
  const title = escapeHtml(report.title);
  const cards = report.cards.map(
    ({ value, label }) =>
      `<div class="card"><b>${escapeHtml(value)}</b><span>${escapeHtml(label)}</span></div>`,
  );
  const sections = report.sections.map(
    (section) =>
      `<section><h2>${escapeHtml(section.title)}</h2>${section.blocks.map(renderBlock).join('')}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${reportStyle}</style></head>
<body><main><h1>${title}</h1><p class="lead">${escapeHtml(report.lead)}</p>
<div class="cards">${cards.join('')}</div>
${sections.join('\n')}
</main></body></html>
`;
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'chart':
      return lineChart(block.chart);
    case 'samples':
      return `<div class="samples">${block.samples.map(sampleFigure).join('')}</div>`;
    case 'facts':
      return factTable(block.facts);
    case 'table':
      return dataTable(block.header, block.rows);
    case 'details':
      return `<details><summary>${escapeHtml(block.summary)}</summary>${block.blocks.map(renderBlock).join('')}</details>`;
  }
}
