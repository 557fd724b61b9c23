import { escapeHtml } from './escape-html.js';
import { reportStyle } from './style.js';

export interface Card {
  readonly value: string;
  readonly label: string;
}

export interface Section {
  readonly title: string;
  /** HTML, already escaped. */
  readonly body: string;
}

export interface PageOpts {
  readonly title: string;
  readonly lead: string;
  readonly cards: readonly Card[];
  readonly sections: readonly Section[];
}

/** A whole HTML document that needs nothing else. */
export function page(opts: PageOpts): string {
  const cards = opts.cards.map(
    (card) =>
      `<div class="card"><b>${escapeHtml(card.value)}</b><span>${escapeHtml(card.label)}</span></div>`,
  );
  const sections = opts.sections.map(
    (section) => `<section><h2>${escapeHtml(section.title)}</h2>${section.body}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(opts.title)}</title><style>${reportStyle}</style></head>
<body><main><h1>${escapeHtml(opts.title)}</h1><p class="lead">${escapeHtml(opts.lead)}</p>
<div class="cards">${cards.join('')}</div>
${sections.join('\n')}
</main></body></html>
`;
}

/** A two-column table of names and values. */
export function factTable(facts: readonly (readonly [string, string])[]): string {
  const rows = facts.map(
    ([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<div class="panel"><table>${rows.join('')}</table></div>`;
}

/** A table with a header row; all columns but the first hold numbers. */
export function dataTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: 'th' | 'td', text: string, column: number): string =>
    `<${tag}${column > 0 ? ' class="n"' : ''}>${escapeHtml(text)}</${tag}>`;
  const line = (tag: 'th' | 'td', cells: readonly string[]): string =>
    `<tr>${cells.map((text, column) => cell(tag, text, column)).join('')}</tr>`;
  return `<div class="panel"><table>${line('th', header)}${rows.map((row) => line('td', row)).join('')}</table></div>`;
}
