/** Specific Character Set (0008,0005) → label of the Encoding standard. The single-byte sets share ASCII. */
const LABELS: Record<string, string> = {
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
  'ISO 2022 IR 87': 'iso-2022-jp',
  'ISO 2022 IR 13': 'shift_jis',
  'ISO 2022 IR 149': 'euc-kr',
  'ISO 2022 IR 58': 'gb18030',
};

/** Text in the character set that the file states; bytes that it cannot express become U+FFFD. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  if (last?.charset !== charset) last = { charset, decoder: decoderOf(labelOf(charset)) };
  // A Korean escape only announces the set; the bytes that follow are plain EUC-KR.
  return last.decoder.decode(bytes).replaceAll('\x1b$)C', '');
}

type Decoder = InstanceType<typeof TextDecoder>;

/** All values of a file, and mostly of a series, are in one character set. */
let last: { charset: string; decoder: Decoder } | undefined;

function labelOf(charset: string): string {
  const labels = charset
    .replaceAll('\0', '')
    .split('\\')
    .map((c) => LABELS[c.trim()] ?? LABELS[c.trim().replace('ISO 2022 IR', 'ISO_IR')]);
  return labels.find((label) => label !== undefined) ?? 'iso-8859-1';
}

const decoders = new Map<string, Decoder>();

/** To make one takes longer than to decode a value. */
function decoderOf(label: string): Decoder {
  const made = decoders.get(label) ?? new TextDecoder(label);
  decoders.set(label, made);
  return made;
}
