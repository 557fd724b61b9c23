/** Values by tag; text, or numbers for the binary types. */
export interface Attributes {
  /** Series instance UID. Default '1.2.3.4'. */
  series?: string;
  /** SOP instance UID. Default: made of the series and the file's number. */
  uid?: string;
  instance?: number;
  /** LPS mm; left out: 0, 0, 0. null: none. */
  position?: readonly number[] | null;
  orientation?: readonly number[];
  /** mm between rows, between columns. Default 0.8, 0.7. */
  spacing?: readonly number[];
  rows?: number;
  columns?: number;
  /** Values per pixel: 1, or 3 for RGB. */
  samples?: 1 | 3;
  /** All voxels have this value. */
  value?: number;
  sopClass?: string;
  modality?: string;
  /** Any others, by tag (group << 16 | element): type and text. */
  more?: Readonly<Record<number, readonly [vr: string, value: string]>>;
}

export const CT_CLASS = '1.2.840.10008.5.1.4.1.1.2';
export const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';

/** Tags that tests set. */
export const TAG = {
  imageType: 0x00080008,
  acquisitionTime: 0x00080032,
  contentTime: 0x00080033,
  description: 0x0008103e,
  patient: 0x00100020,
  echoTime: 0x00180081,
  echoNumbers: 0x00180086,
  sliceThickness: 0x00180050,
  triggerTime: 0x00181060,
  kernel: 0x00181210,
  bValue: 0x00189087,
  acquisition: 0x00200012,
  temporalPosition: 0x00200100,
  stackId: 0x00209056,
} as const;

let made = 0;

/** An uncompressed DICOM image of 16-bit voxels (8-bit for RGB), explicit little endian, with preamble. */
export function dicomFile(given: Attributes = {}): Uint8Array<ArrayBuffer> {
  const { rows = 4, columns = 5, samples = 1, series = '1.2.3.4' } = given;
  const uid = given.uid ?? `${series}.${++made}`;
  const sopClass = given.sopClass ?? CT_CLASS;
  const texts: Record<number, readonly [string, string]> = {
    524310: ['UI', sopClass],
    524312: ['UI', uid],
    524384: ['CS', given.modality ?? 'CT'],
    2097165: ['UI', '1.2.3'],
    2097166: ['UI', series],
    2097169: ['IS', '1'],
    2097171: ['IS', String(given.instance ?? 1)],
    2621444: ['CS', samples === 3 ? 'RGB' : 'MONOCHROME2'],
    ...given.more,
  };
  if (given.position !== null) {
    texts[0x00200032] = ['DS', (given.position ?? [0, 0, 0]).join('\\')];
    texts[0x00200037] = ['DS', (given.orientation ?? [1, 0, 0, 0, 1, 0]).join('\\')];
    texts[0x00280030] = ['DS', (given.spacing ?? [0.8, 0.7]).join('\\')];
  }
  const bits = samples === 3 ? 8 : 16;
  const shorts: Record<number, number> = {
    2621442: samples,
    2621456: rows,
    2621457: columns,
    2621696: bits,
    2621697: bits,
    2621698: bits - 1,
    2621699: 0,
  };
  if (samples === 3) shorts[0x00280006] = 0;
  const elements = [
    ...Object.entries(texts).map(([tag, [vr, text]]) =>
      element(Number(tag), vr, encodeText(vr, text)),
    ),
    ...Object.entries(shorts).map(([tag, v]) =>
      element(Number(tag), 'US', Uint8Array.of(v & 255, v >> 8)),
    ),
  ].sort((a, b) => a.tag - b.tag);
  const pixels = Uint8Array.from({ length: (rows * columns * samples * bits) / 8 }, (_, n) =>
    bits === 16 && n % 2 === 1 ? (given.value ?? 0) >> 8 : (given.value ?? 0) & 255,
  );
  const meta = [
    element(0x00020002, 'UI', encodeText('UI', sopClass)),
    element(0x00020003, 'UI', encodeText('UI', uid)),
    element(0x00020010, 'UI', encodeText('UI', '1.2.840.10008.1.2.1')),
  ];
  const length = meta.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const head = new Uint8Array(132);
  head.set(new TextEncoder().encode('DICM'), 128);
  const parts = [
    head,
    element(0x00020000, 'UL', Uint8Array.of(length & 255, length >> 8, 0, 0)).bytes,
    ...meta.map(({ bytes }) => bytes),
    ...elements.map(({ bytes }) => bytes),
    element(0x7fe00010, 'OW', pixels).bytes,
  ];
  return new Uint8Array(Buffer.concat(parts));
}

function encodeText(vr: string, text: string): Uint8Array {
  if (vr === 'FD') return new Uint8Array(Float64Array.of(Number(text)).buffer);
  const padded = text.length % 2 === 0 ? text : text + (vr === 'UI' ? '\0' : ' ');
  return new TextEncoder().encode(padded);
}

function element(tag: number, vr: string, value: Uint8Array): { tag: number; bytes: Uint8Array } {
  const long = vr === 'OW' || vr === 'OB';
  const bytes = new Uint8Array((long ? 12 : 8) + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  bytes[4] = vr.charCodeAt(0);
  bytes[5] = vr.charCodeAt(1);
  if (long) view.setUint32(8, value.length, true);
  else view.setUint16(6, value.length, true);
  bytes.set(value, long ? 12 : 8);
  return { tag, bytes };
}

/** The files under names in an order that has nothing to do with theirs. */
export function shuffled(
  files: readonly Uint8Array<ArrayBuffer>[],
): { name: string; bytes: Uint8Array<ArrayBuffer> }[] {
  const named = files.map((bytes, n) => ({
    name: `${String((n * 7919 + 13) % 9973).padStart(4, '0')}.dcm`,
    bytes,
  }));
  return named.sort((a, b) => (a.name < b.name ? -1 : 1));
}
