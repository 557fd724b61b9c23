/** The first row of pictures of a sample, as a page shows it. */
export interface ShownSample {
  readonly title: string;
  readonly note: string;
  /** A picture for each column: the column's name, the bytes of a PNG. */
  readonly pictures: readonly { readonly name: string; readonly png: Uint8Array }[];
}

/**
 * The samples of a page that `renderPage` made, in their order: the pictures of a run are there, while the volumes that they show
 * may be elsewhere by now.
 *
 * @param page - HTML.
 */
export function readSamples(page: string): ShownSample[] {
  return page.split('<div class="sample">').slice(1).map(readSample);
}

function readSample(html: string): ShownSample {
  const [, title = '', note = ''] =
    /<header><b>([^<]*)<\/b><span>([^<]*)<\/span><\/header>/.exec(html) ?? [];
  const images = html.slice(html.indexOf('<div class="images"'));
  const names = [...images.matchAll(/<span>([^<]*)<\/span>/g)].map(([, name]) => plainText(name));
  const pngs = [...images.matchAll(/<img src="data:image\/png;base64,([^"]*)"/g)].map(
    ([, base64]) => Uint8Array.from(Buffer.from(base64, 'base64')),
  );
  const pictures = names.flatMap((name, n) => (n < pngs.length ? [{ name, png: pngs[n] }] : []));
  return { title: plainText(title), note: plainText(note), pictures };
}

function plainText(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
