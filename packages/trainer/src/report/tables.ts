import { escapeHtml } from './escape-html.js';

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
  return `<div class="panel"><table class="data">${line('th', header)}${rows.map((row) => line('td', row)).join('')}</table></div>`;
}
