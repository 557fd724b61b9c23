import { type Attributes, dicomFile, shuffled, TAG } from '@genesis/testing/dicom';
import { listVolumes, readHeader, readVolume, type VolumeEntry } from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';

type More = NonNullable<Attributes['more']>;

/** What one group of images has in common, and where its slices lie. */
interface Group {
  /** Slices. */
  count?: number;
  /** mm from slice to slice. */
  step?: number;
  /** Where the first one lies. */
  start?: number;
  /** Where it lies in the plane. */
  side?: number;
  /** Number of the first image, and from image to image. */
  instance?: number;
  instanceStep?: number;
  more?: More;
  moreOf?: (slice: number) => More;
  orientation?: readonly number[];
}

/** Group g has the value 100·(g + 1) + slice in all voxels. */
function filesOf(groups: readonly Group[]): Uint8Array<ArrayBuffer>[] {
  return groups.flatMap((group, g) =>
    Array.from({ length: group.count ?? 6 }, (_, k) =>
      dicomFile({
        instance: (group.instance ?? 1) + k * (group.instanceStep ?? 1),
        position: [group.side ?? 0, 0, (group.start ?? 0) + (group.step ?? 2) * k],
        orientation: group.orientation,
        value: 100 * (g + 1) + k,
        more: { ...group.more, ...group.moreOf?.(k) },
      }),
    ),
  );
}

interface Found {
  /** Values of the slices of each volume. */
  volumes: number[][];
  spacing: number;
  entry: VolumeEntry;
  notes: string[];
}

async function stacksOf(groups: readonly Group[]): Promise<Found[]> {
  const files = shuffled(filesOf(groups));
  const found: Found[] = [];
  for (const entry of await listVolumes(files)) {
    const header = await readHeader(files, { series: entry.series });
    const volumes: number[][] = [];
    for (let volumeIndex = 0; volumeIndex < header.volumes; volumeIndex++) {
      const { data } = await readVolume(files, { series: entry.series, volumeIndex });
      volumes.push(Array.from({ length: data.shape[2] }, (_, k) => data.get(0, 0, k)));
    }
    found.push({ volumes, spacing: header.spacing[2], entry, notes: header.notes });
  }
  return found;
}

/** Slices 100·(g + 1) … of each group. */
const slicesOf = (g: number, count = 6): number[] =>
  Array.from({ length: count }, (_, k) => 100 * (g + 1) + k);

async function isOne4D(t: ExecutionContext, groups: readonly Group[]): Promise<Found> {
  const [stack, ...more] = await stacksOf(groups);
  t.is(more.length, 0);
  t.deepEqual(
    stack.volumes,
    groups.map(({ count }, g) => slicesOf(g, count)),
  );
  return stack;
}

/** Each group is a stack of its own, with its own spacing. */
async function areStacks(t: ExecutionContext, groups: readonly Group[]): Promise<Found[]> {
  const found = await stacksOf(groups);
  t.deepEqual(
    found.map(({ volumes }) => volumes).sort((a, b) => a[0][0] - b[0][0]),
    groups.map(({ count }, g) => [slicesOf(g, count)]),
    found.map(({ entry }) => entry.description).join('; '),
  );
  for (const { spacing, volumes, notes } of found) {
    const group = groups[Math.floor(volumes[0][0] / 100) - 1];
    t.true(Math.abs(spacing - Math.abs(group.step ?? 2)) < 1e-6, `${spacing} mm: ${notes}`);
    t.false(
      notes.some((note) => /missing|varies|tilt|straight/.test(note)),
      notes.join(' '),
    );
  }
  return found;
}

async function isOneStack(t: ExecutionContext, groups: readonly Group[]): Promise<Found> {
  const found = await stacksOf(groups);
  t.is(found.length, 1, found.map(({ entry }) => entry.description).join('; '));
  t.is(found[0].volumes.length, 1);
  t.is(
    found[0].volumes[0].length,
    groups.reduce((sum, { count }) => sum + (count ?? 6), 0),
  );
  return found[0];
}

const echo = (ms: number): More => ({ [TAG.echoTime]: ['DS', String(ms)] });
const time = (n: number): More => ({ [TAG.temporalPosition]: ['IS', String(n)] });
const acquisition = (n: number): More => ({ [TAG.acquisition]: ['IS', String(n)] });
const clock = (seconds: number): More => ({
  [TAG.acquisitionTime]: ['TM', (120000 + seconds).toFixed(2)],
});

/** Two values of each attribute that tells images apart. */
const PAIRS: Record<string, [More, More]> = {
  'temporal position': [time(1), time(2)],
  'echo time': [echo(10), echo(30)],
  'echo number': [{ [TAG.echoNumbers]: ['IS', '1'] }, { [TAG.echoNumbers]: ['IS', '2'] }],
  'b-value': [{ [TAG.bValue]: ['FD', '0'] }, { [TAG.bValue]: ['FD', '1000'] }],
  acquisition: [acquisition(1), acquisition(2)],
  kernel: [{ [TAG.kernel]: ['SH', 'B31f'] }, { [TAG.kernel]: ['SH', 'B70f'] }],
  'image type': [
    { [TAG.imageType]: ['CS', 'ORIGINAL\\PRIMARY\\M'] },
    { [TAG.imageType]: ['CS', 'ORIGINAL\\PRIMARY\\P'] },
  ],
  stack: [{ [TAG.stackId]: ['SH', '1'] }, { [TAG.stackId]: ['SH', '2'] }],
  'trigger time': [{ [TAG.triggerTime]: ['DS', '0'] }, { [TAG.triggerTime]: ['DS', '400.5'] }],
  'slice thickness': [{ [TAG.sliceThickness]: ['DS', '2'] }, { [TAG.sliceThickness]: ['DS', '5'] }],
  description: [{ [TAG.description]: ['LO', 'A'] }, { [TAG.description]: ['LO', 'B'] }],
  patient: [{ [TAG.patient]: ['LO', 'A'] }, { [TAG.patient]: ['LO', 'B'] }],
  'acquisition time': [clock(0), clock(30)],
  'content time': [
    { [TAG.contentTime]: ['TM', '120000'] },
    { [TAG.contentTime]: ['TM', '120030'] },
  ],
};

for (const [name, [a, b]] of Object.entries(PAIRS)) {
  test(`${name}: images at the same places are two volumes, with instance numbers that repeat or go on`, async (t) => {
    for (const instance of [1, 7]) {
      const stack = await isOne4D(t, [{ more: a }, { more: b, instance }]);
      t.regex(
        stack.notes.join(' '),
        new RegExp(`2 volumes at the same place. Of these, 0 is ${name}`),
      );
    }
  });

  test(`${name}: stacks a little apart, and ones that lie in one another, are two`, async (t) => {
    for (const start of [0.02, 0.5, 0.9]) {
      for (const instance of [1, 7]) {
        const found = await areStacks(t, [{ more: a }, { more: b, instance, start }]);
        t.true(found[0].entry.description?.includes(name), found[0].entry.description);
        t.true(found[0].entry.series?.endsWith('#1'));
      }
    }
    await areStacks(t, [{ more: a }, { more: b, side: 40 }]);
    await areStacks(t, [{ more: a }, { more: b, step: 5, count: 4 }]);
  });
}

test('two stacks exactly between each other are told from one that is taken in two turns by their numbers', async (t) => {
  for (const name of ['acquisition', 'kernel', 'echo time', 'temporal position']) {
    const [a, b] = PAIRS[name];
    await areStacks(t, [{ more: a }, { more: b, start: 1, instance: 7 }]);
    await areStacks(t, [{ more: a }, { more: b, start: 1, instance: 1 }]);
  }
  const [a, b] = PAIRS.acquisition;
  await isOneStack(t, [
    { more: a, instanceStep: 2 },
    { more: b, start: 1, instance: 2, instanceStep: 2 },
  ]);
});

test('two echoes at two times, with instance numbers that repeat', async (t) => {
  const stack = await isOne4D(
    t,
    [1, 2].flatMap((n) => [10, 30].map((ms) => ({ more: { ...time(n), ...echo(ms) } }))),
  );
  t.regex(
    stack.notes.join(' '),
    /4 volumes at the same place\. Of these, 0 is temporal position 1, echo time 10 ms; 1 is temporal position 1, echo time 30 ms/,
  );
});

test('any two or three attributes together', async (t) => {
  // In the order in which they put volumes in order.
  const names = [
    'temporal position',
    'b-value',
    'echo time',
    'acquisition',
    'kernel',
    'image type',
  ];
  for (const first of names) {
    for (const second of names) {
      if (names.indexOf(second) <= names.indexOf(first)) continue;
      await isOne4D(
        t,
        PAIRS[first].flatMap((a) => PAIRS[second].map((b) => ({ more: { ...a, ...b }, count: 4 }))),
      );
      // Attributes that differ from slice to slice beside them change nothing.
      await isOne4D(
        t,
        PAIRS[first].flatMap((a, x) =>
          PAIRS[second].map((b, y) => ({
            more: { ...a, ...b },
            moreOf: (k: number) => clock(k * 4 + 2 * x + y),
          })),
        ),
      );
    }
  }
  await isOne4D(
    t,
    PAIRS['temporal position'].flatMap((a) =>
      PAIRS['echo time'].flatMap((b) =>
        PAIRS['image type'].map((c) => ({ more: { ...a, ...b, ...c } })),
      ),
    ),
  );
});

test('combinations of which not all are there, and volumes that cover other places', async (t) => {
  await isOne4D(
    t,
    [
      { ...time(1), ...echo(10) },
      { ...time(1), ...echo(30) },
      { ...time(2), ...echo(10) },
    ].map((more) => ({ more })),
  );
  // The last time was stopped early.
  const stopped = await stacksOf([
    { more: time(1) },
    { more: time(2) },
    { more: time(3), count: 4 },
  ]);
  t.deepEqual(
    stopped.map(({ volumes }) => volumes),
    [[slicesOf(0), slicesOf(1)], [slicesOf(2, 4)]],
  );
  // Two kernels at other distances, which meet at every fifth slice.
  const [a, b] = PAIRS.kernel;
  await areStacks(t, [
    { more: a, step: 1, count: 16 },
    { more: b, step: 5, count: 4 },
  ]);
  // Four phases, each a little off.
  await areStacks(
    t,
    [1, 2, 3, 4].map((n) => ({ more: time(n), start: 0.03 * n })),
  );
});

test('times of a heart, which differ from place to place, and times of each slice put volumes in order', async (t) => {
  for (const tag of [TAG.triggerTime, TAG.acquisitionTime]) {
    for (const instance of [1, 0]) {
      await isOne4D(
        t,
        [0, 1, 2].map((n) => ({
          instance: instance === 0 ? 6 * n + 1 : 1,
          moreOf: (k: number): More => ({
            [tag]: [tag === TAG.triggerTime ? 'DS' : 'TM', String(100100 + 50 * n + k)],
          }),
        })),
      );
    }
  }
  // An echo time beside a run that only the instance number tells.
  const stack = await isOne4D(
    t,
    [10, 30].flatMap((ms) => [0, 1].map((n) => ({ more: echo(ms), instance: 6 * n + 1 }))),
  );
  t.regex(stack.notes.join(' '), /told apart by echo time first.*by instance number/);
});

test('nothing but the instance number tells volumes apart; repeated images count once', async (t) => {
  const stack = await isOne4D(t, [{}, { instance: 7 }]);
  t.regex(stack.notes.join(' '), /told apart by instance number only/);
  const repeated = await stacksOf([{}, { count: 2, instance: 7 }]);
  t.is(repeated.length, 1);
  t.deepEqual(repeated[0].volumes, [slicesOf(0)]);
  t.regex(repeated[0].notes.join(' '), /2 slices lie where another one lies/);
});

test('what is dropped is not of the kind that the volume is of', async (t) => {
  // The magnitude is whole; of the phase two slices are there twice.
  const [magnitude, phase] = PAIRS['image type'];
  const found = await stacksOf([
    { more: magnitude },
    { more: phase, count: 2 },
    { more: phase, count: 2 },
  ]);
  for (const { volumes } of found) {
    for (const volume of volumes) t.is(new Set(volume.map((v) => v < 200)).size, 1, `${volume}`);
  }
});

test('a regular stack stays one, whatever its files say', async (t) => {
  const perSlice: ((k: number) => More)[] = [
    (k) => acquisition(k + 1),
    (k) => acquisition(Math.floor(k / 4) + 1),
    (k) => acquisition((k % 2) + 1),
    (k) => clock(k),
    (k) => clock(Math.floor(k / 4)),
    (k) => ({ [TAG.triggerTime]: ['DS', String(k % 3)] }),
    (k) => ({ [TAG.contentTime]: ['TM', String(120000 + k)] }),
    (k) => time(k + 1),
    (k) => echo(10 + (k % 2)),
    (k) => ({ [TAG.imageType]: ['CS', k < 6 ? 'ORIGINAL\\PRIMARY' : 'DERIVED\\PRIMARY'] }),
    (k) => ({ [TAG.sliceThickness]: ['DS', k < 6 ? '2' : '2.5'] }),
    (k) => ({ ...acquisition(Math.floor(k / 4) + 1), ...clock(k), ...time(1) }),
  ];
  for (const [n, moreOf] of perSlice.entries()) {
    for (const orientation of [
      [1, 0, 0, 0, 1, 0],
      [1, 0, 0, 0, 0.9659258, 0.258819],
    ]) {
      const stack = await isOneStack(t, [{ count: 12, moreOf, orientation }]);
      t.false(
        stack.notes.some((note) => /missing|varies|stacks/.test(note)),
        `${n}: ${stack.notes}`,
      );
    }
  }
});

test('a stack with slices missing, or uneven ones, stays one', async (t) => {
  const perRotation: ((k: number) => More)[] = [
    (k) => clock(Math.floor(k / 4)),
    (k) => clock(k),
    (k) => acquisition(Math.floor(k / 4) + 1),
    (k) => acquisition(k),
    (k) => ({ ...acquisition((k % 2) + 1), ...clock(k) }),
    (k) => ({ [TAG.triggerTime]: ['DS', String(Math.floor(k / 4))] }),
  ];
  for (const moreOf of perRotation) {
    // The rotation of four slices before last is not there, or one slice.
    for (const [from, to] of [
      [8, 12],
      [5, 6],
    ]) {
      const stack = await isOneStack(t, [
        { count: from, moreOf },
        {
          count: 16 - to,
          start: 2 * to,
          instance: to + 1,
          moreOf: (k) => moreOf(k + to),
        },
      ]);
      t.regex(stack.notes.join(' '), /missing/);
    }
  }
});

test('stacks one behind the other with a gap are two where the acquisition says so', async (t) => {
  await areStacks(t, [
    { more: acquisition(1) },
    { more: acquisition(2), start: 40, instance: 7, step: 5 },
  ]);
  await areStacks(t, [{ more: acquisition(1) }, { more: acquisition(2), start: 40, instance: 7 }]);
});

test('images without a position, of two echoes', async (t) => {
  const files = [10, 30].flatMap((ms, e) =>
    Array.from({ length: 4 }, (_, k) =>
      dicomFile({ position: null, instance: k + 1, value: 100 * e + k, more: echo(ms) }),
    ),
  );
  const header = await readHeader(shuffled(files));
  t.is(header.volumes, 2);
  const { data } = await readVolume(shuffled(files), { volumeIndex: 1 });
  t.deepEqual(
    [0, 1, 2, 3].map((k) => data.get(0, 0, k)),
    [100, 101, 102, 103],
  );
});

test('lengths and places that are none: a note, or an error where slices are no stack', async (t) => {
  for (const spacing of [
    [0, 0],
    [-1, 1],
    [0.8, Number.NaN],
  ]) {
    const { spacing: mm, notes } = await readHeader(dicomFile({ spacing }));
    t.deepEqual(mm.slice(0, 2), [1, 1]);
    t.regex(notes.join(' '), /no usable pixel spacing; 1 mm was taken/);
  }
  const thin = await readHeader(dicomFile({ more: { [TAG.sliceThickness]: ['DS', '0'] } }));
  t.regex(thin.notes.join(' '), /no usable distance between slices/);
  const lost = await readHeader(dicomFile({ position: [0, Number.NaN, 0] }));
  t.regex(lost.notes.join(' '), /no usable patient position/);
  // Side by side, not one behind the other.
  const flat = [0, 1, 2].map((n) => dicomFile({ instance: n + 1, position: [3 * n, 0, 0] }));
  await t.throwsAsync(readHeader(shuffled(flat)), { code: 'geometry' });
});
