/**
 * Breaks text at blanks into lines of at most `width` columns, longer words aside.
 *
 * @param indent - Blanks before the second and every further line.
 */
export function wrapText(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = `${' '.repeat(indent)}${word.trimStart()}`;
    }
  }
  return [...lines, line].join('\n');
}
