// Seeded damage to files, for the fuzz target.
import { gunzipSync, gzipSync } from 'node:zlib';

/** mulberry32: a small generator whose every number follows from the seed. */
export function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (list) => list[Math.floor(next() * list.length)],
  };
}

const EXTREMES = [
  0, 1, -1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
];
const EXTREME_FLOATS = [
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e-45,
  1e38,
  1e308,
  -1,
  0.5,
  352,
];
const EXTREME_TEXT = [
  '0',
  '-1',
  '1',
  '2147483647',
  '4294967296',
  '99999999999999999999',
  '65535',
  'nan',
  'inf',
  '1e308',
  '-0',
  '',
  'x',
  '3.7',
  '0x10',
];

/** How far into a file its header is taken to reach. */
const headerEnd = (bytes, random) => Math.min(bytes.length, random.pick([64, 352, 600, 2048]));

export const mutators = {
  bitFlips(bytes, random) {
    const out = bytes.slice();
    const many = random.pick([1, 2, 8, 64]);
    const end = random.next() < 0.7 ? headerEnd(out, random) : out.length;
    for (let n = 0; n < many; n++) out[random.int(0, end - 1)] ^= 1 << random.int(0, 7);
    return out;
  },
  randomBytes(bytes, random) {
    const out = bytes.slice();
    const end = random.next() < 0.7 ? headerEnd(out, random) : out.length;
    const start = random.int(0, end - 1);
    const length = random.pick([1, 2, 4, 16, 64]);
    for (let n = start; n < Math.min(out.length, start + length); n++) out[n] = random.int(0, 255);
    return out;
  },
  truncation(bytes, random) {
    const end = random.next() < 0.5 ? headerEnd(bytes, random) : bytes.length;
    return bytes.slice(0, random.int(0, Math.max(0, end - 1)));
  },
  /** A binary field of any width and byte order gets an extreme value. */
  extremeField(bytes, random) {
    const out = bytes.slice();
    const view = new DataView(out.buffer);
    for (let many = random.int(1, 3); many > 0; many--) {
      const width = random.pick([2, 2, 4, 4, 8]);
      const end = headerEnd(out, random) - width;
      if (end < 0) return out;
      const at = random.int(0, end) & ~(random.next() < 0.8 ? 1 : 0);
      const little = random.next() < 0.8;
      if (width === 2) view.setUint16(at, random.pick(EXTREMES), little);
      else if (width === 8) view.setFloat64(at, random.pick(EXTREME_FLOATS), little);
      else if (random.next() < 0.6) view.setUint32(at, random.pick(EXTREMES), little);
      else view.setFloat32(at, random.pick(EXTREME_FLOATS), little);
    }
    return out;
  },
  insertion(bytes, random) {
    const at = random.int(0, headerEnd(bytes, random));
    const piece = bytes.slice(at, at + random.pick([1, 2, 7, 100, 5000]));
    return concat(bytes.subarray(0, at), piece, bytes.subarray(at));
  },
  deletion(bytes, random) {
    const at = random.int(0, headerEnd(bytes, random) - 1);
    return concat(bytes.subarray(0, at), bytes.subarray(at + random.pick([1, 2, 7, 100])));
  },
  splice(bytes, random, others) {
    const other = random.pick(others);
    const at = random.int(0, Math.min(bytes.length, other.length));
    return concat(bytes.subarray(0, at), other.subarray(at));
  },
  empty: () => new Uint8Array(0),
};

/** A number in a text header becomes an extreme one. */
export function mutateText(bytes, random) {
  const end = textEnd(bytes);
  const text = Buffer.from(bytes.subarray(0, end)).toString('latin1');
  const numbers = [...text.matchAll(/-?\d+(\.\d+)?/g)];
  if (numbers.length === 0) return mutators.randomBytes(bytes, random);
  const hit = random.pick(numbers);
  const changed =
    text.slice(0, hit.index) + random.pick(EXTREME_TEXT) + text.slice(hit.index + hit[0].length);
  return concat(Buffer.from(changed, 'latin1'), bytes.subarray(end));
}

/** Where the text of a header ends, and voxels may follow. */
function textEnd(bytes) {
  const raw = Buffer.from(bytes);
  const blank = raw.indexOf('\n\n');
  const local = raw.indexOf('LOCAL\n');
  if (blank >= 0) return blank;
  return local >= 0 ? local : Math.min(raw.length, 4096);
}

/** A text header is made to name files that it must not read. */
export function pointOutside(bytes, random, targets) {
  const text = Buffer.from(bytes).toString('latin1');
  return Buffer.from(
    text.replace(
      /^(ElementDataFile\s*=|data ?file:).*$/im,
      (_, key) => `${key} ${random.pick(targets)}`,
    ),
    'latin1',
  );
}

/** Damages what is inside a gzip file, and packs it again. */
export function mutateInside(bytes, random, mutate) {
  let inner;
  try {
    inner = new Uint8Array(gunzipSync(bytes));
  } catch {
    return mutators.bitFlips(bytes, random);
  }
  return new Uint8Array(gzipSync(mutate(inner), { level: 1 }));
}

/** What a file holds, followed by a great many zeros that pack into almost nothing. */
export function gzipBomb(bytes, random) {
  const inner = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const zeros = Buffer.alloc(random.pick([16, 64, 128]) << 20);
  return new Uint8Array(gzipSync(Buffer.concat([inner, zeros]), { level: 9 }));
}

const TRAVERSALS = [
  '../../canary.dcm',
  '/tmp/canary.dcm',
  '..\\..\\canary.dcm',
  'C:\\canary.dcm',
  'a/../../canary.dcm',
  'x\0y',
  '',
];

/** A zip archive's names or sizes become lies. */
export function mutateZip(bytes, random) {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const places = [];
  for (let at = 0; at + 30 < out.length; at++) {
    if (view.getUint32(at, true) === 0x04034b50)
      places.push({ at, name: 30, lengths: [26], sizes: [18, 22], method: 8 });
    if (view.getUint32(at, true) === 0x02014b50)
      places.push({ at, name: 46, lengths: [28], sizes: [20, 24, 42], method: 10 });
  }
  if (places.length === 0) return mutators.bitFlips(bytes, random);
  for (let many = random.int(1, 3); many > 0; many--) {
    const { at, name, lengths, sizes, method } = random.pick(places);
    const kind = random.int(0, 3);
    if (kind === 0) view.setUint32(at + random.pick(sizes), random.pick(EXTREMES), true);
    else if (kind === 1)
      view.setUint16(at + random.pick([...lengths, method]), random.pick(EXTREMES), true);
    else {
      // The same traversal in both directories, when it fits.
      const text = Buffer.from(random.pick(TRAVERSALS), 'latin1');
      for (const place of kind === 2 ? places : [{ at, name }])
        out.set(text.subarray(0, 12), Math.min(out.length - 12, place.at + place.name));
    }
  }
  return out;
}

/** The value of a DICOM attribute that decides about sizes becomes an extreme one. */
export function mutateDicom(bytes, random) {
  const out = bytes.slice();
  const view = new DataView(out.buffer);
  const tags = [
    [0x28, 0x10],
    [0x28, 0x11],
    [0x28, 0x08],
    [0x28, 0x02],
    [0x28, 0x100],
    [0x28, 0x101],
    [0x28, 0x102],
    [0x28, 0x103],
    [0x20, 0x32],
    [0x20, 0x37],
    [0x28, 0x30],
    [0x28, 0x1052],
    [0x28, 0x1053],
    [0x5200, 0x9230],
    [0x7fe0, 0x10],
    [0xfffe, 0xe000],
  ];
  for (let many = random.int(1, 3); many > 0; many--) {
    const [group, element] = random.pick(tags);
    const places = [];
    for (let at = 0; at + 12 < out.length; at++) {
      if (view.getUint16(at, true) === group && view.getUint16(at + 2, true) === element)
        places.push(at);
    }
    if (places.length === 0) continue;
    const at = random.pick(places);
    const kind = random.int(0, 3);
    if (kind === 0) view.setUint16(at + 8, random.pick(EXTREMES), true);
    else if (kind === 1) view.setUint16(at + 6, random.pick(EXTREMES), true);
    else if (kind === 2) view.setUint32(at + random.pick([4, 8]), random.pick(EXTREMES), true);
    else {
      const text = Buffer.from(random.pick(EXTREME_TEXT), 'latin1');
      out.set(text.subarray(0, Math.min(text.length, out.length - at - 8)), at + 8);
    }
  }
  return out;
}

export function concat(...parts) {
  return new Uint8Array(Buffer.concat(parts));
}
