/**
 * Decodes the text of a table: UTF-8, or UTF-16 as Excel writes it ("Unicode text"), with or without byte-order mark; what is neither is
 * read as Windows-1252.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (first !== 0 && second === 0) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0 && second !== 0) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Reads comma- (or semicolon- or tab-) separated text: quoted fields, doubled quotes, LF or CRLF, an optional
 * byte-order mark. Lines that hold nothing are left out.
 *
 * @returns Rows of fields, blanks around unquoted fields removed.
 */
export function parseCsv(text: string): string[][] {
  const whole = text.replace(/^\uFEFF/, '');
  // Excel writes its separator in a line of its own.
  const stated = /^"?sep=(.)"?\r?\n/i.exec(whole);
  const source = stated ? whole.slice(stated[0].length) : whole;
  const firstLine = source.slice(0, source.search(/\r?\n|$/));
  const separator = stated
    ? stated[1]
    : [',', ';', '\t'].reduce((best, candidate) =>
        firstLine.split(candidate).length > firstLine.split(best).length ? candidate : best,
      );
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  let wasQuoted = false;
  const endField = (): void => {
    row.push(wasQuoted ? field : field.trim());
    field = '';
    wasQuoted = false;
  };
  const endRow = (): void => {
    endField();
    if (row.some((value) => value !== '')) rows.push(row);
    row = [];
  };
  for (let n = 0; n < source.length; n++) {
    const c = source[n];
    if (quoted) {
      if (c !== '"') field += c;
      else if (source[n + 1] === '"') {
        field += '"';
        n++;
      } else quoted = false;
    } else if (c === '"' && field.trim() === '') {
      field = '';
      quoted = true;
      wasQuoted = true;
    } else if (c === separator) endField();
    else if (c === '\n') endRow();
    else if (c !== '\r') field += c;
  }
  if (field !== '' || row.length > 0) endRow();
  return rows;
}

/** Rows as CSV text with LF line ends; fields are quoted where needed. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  const quote = (value: string | number): string => {
    const text = String(value);
    return /[",\r\n;\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(quote).join(',')}\n`).join('');
}
