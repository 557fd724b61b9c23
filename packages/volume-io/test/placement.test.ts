import {
  type Affine,
  affineSpacing,
  createVolume,
  cropVolume,
  encodeVolume,
  readHeader,
  readVolume,
  reorient,
  resampleToSpacing,
  scaleAffine,
  type Vec3,
  VolumeIoError,
} from '@genesis/volume-io';
import test, { type ExecutionContext } from 'ava';

const SHAPE: Vec3 = [5, 6, 7];
const voxels = Int16Array.from({ length: 210 }, (_, n) => n);
const AFFINE = [-1.5, 0, 0, 10, 0, 2, 0, -20, 0, 0, 3, 30, 0, 0, 0, 1];

/** Slices stacked along z while their planes are turned about x, as a tilted gantry does it. */
function tilted(degrees: number): Affine {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return Float64Array.of(-0.7, 0, 0, 0, 0, -0.8 * c, 0, 0, 0, 0.8 * s, 2.5, 0, 0, 0, 0, 1);
}

interface Forms {
  qform: number;
  sform: number;
  /** b, c, d, x, y, z */
  quaternion: number[];
}

function formsOf(bytes: Uint8Array): Forms {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const wide = view.getInt32(0, true) === 540;
  return {
    qform: wide ? view.getInt32(344, true) : view.getInt16(252, true),
    sform: wide ? view.getInt32(348, true) : view.getInt16(254, true),
    quaternion: [0, 1, 2, 3, 4, 5].map((n) =>
      wide ? view.getFloat64(352 + 8 * n, true) : view.getFloat32(256 + 4 * n, true),
    ),
  };
}

/** A NIfTI-1 with some bytes of its header changed. */
async function patched(
  change: (view: DataView) => void,
  affine: Affine | number[] = AFFINE,
): Promise<Uint8Array> {
  const bytes = await encodeVolume(createVolume(voxels, { shape: SHAPE, affine }), 'nifti1');
  change(new DataView(bytes.buffer));
  return bytes;
}

function withCodes(qform: number, sform: number): (view: DataView) => void {
  return (view) => {
    view.setInt16(252, qform, true);
    view.setInt16(254, sform, true);
  };
}

function near(t: ExecutionContext, given: ArrayLike<number>, expected: ArrayLike<number>): void {
  t.is(given.length, expected.length);
  for (let n = 0; n < expected.length; n++) {
    t.true(Math.abs(given[n] - expected[n]) < 1e-4, `${[...Array.from(given)]}`);
  }
}

test('a sheared affine has no qform: its code is 0, and the sform says the place', async (t) => {
  for (const format of ['nifti1', 'nifti2'] as const) {
    for (const degrees of [-30, -1, 1, 15]) {
      const shape: Vec3 = [4, 5, 100];
      const volume = createVolume(new Uint8Array(2000), { shape, affine: tilted(degrees) });
      const bytes = await encodeVolume(volume, format);
      const { qform, sform } = formsOf(bytes);
      t.deepEqual([qform, sform], [0, 1], `${format} ${degrees}°`);
      near(t, (await readHeader(bytes)).affine, volume.affine);
    }
  }
});

test('rounded direction cosines are no shear', async (t) => {
  const affine = tilted(0);
  // Five digits of a direction, over 512 voxels.
  affine[2] = 2.5e-5;
  affine[9] = 8e-6;
  const volume = createVolume(new Uint8Array(512 * 4), { shape: [512, 2, 2], affine });
  const { qform, sform } = formsOf(await encodeVolume(volume, 'nifti1'));
  t.deepEqual([qform, sform], [1, 1]);
});

test('the codes of a file are those of what is made of it', async (t) => {
  for (const [qform, sform] of [
    [1, 4],
    [0, 4],
    [3, 0],
    [2, 2],
    [1, 1],
  ] as const) {
    const volume = await readVolume(await patched(withCodes(qform, sform)));
    const made = [
      volume,
      cropVolume(volume, { start: [1, 2, 3], size: [3, 3, 3] }),
      reorient(volume, 'RAS'),
      resampleToSpacing(volume, [1, 1, 1]),
      createVolume(new Uint8Array(210), {
        shape: SHAPE,
        affine: volume.affine,
        header: { format: volume.header.format, fields: volume.header.fields },
      }),
    ];
    for (const one of made) {
      for (const format of ['nifti1', 'nifti2'] as const) {
        const bytes = await encodeVolume(one, format);
        const forms = formsOf(bytes);
        t.deepEqual([forms.qform, forms.sform], [qform, sform]);
        near(t, (await readHeader(bytes)).affine, one.affine);
      }
    }
  }
});

test('a file without either form stays one, unless its place is no longer the assumed one', async (t) => {
  const volume = await readVolume(await patched(withCodes(0, 0)));
  const whole = await encodeVolume(volume, 'nifti1');
  t.deepEqual([formsOf(whole).qform, formsOf(whole).sform], [0, 0]);
  near(t, (await readHeader(whole)).affine, volume.affine);
  const part = cropVolume(volume, { start: [2, 0, 0], size: [3, 6, 7] });
  const cut = await encodeVolume(part, 'nifti1');
  t.deepEqual([formsOf(cut).qform, formsOf(cut).sform], [0, 2]);
  near(t, (await readHeader(cut)).affine, part.affine);
});

test('a qform of another space than the sform goes on speaking of it, on the new grid too', async (t) => {
  // The scanner's space is moved and turned by a right angle about z against the atlas of the sform.
  const half = Math.SQRT1_2;
  // Equal codes say the same space, but a program that moved one form only has left it elsewhere.
  for (const sform of [4, 1]) {
    const bytes = await patched((view) => {
      withCodes(1, sform)(view);
      view.setFloat32(76, 1, true);
      [0, 0, half, 100, 50, -25].forEach((v, n) => {
        view.setFloat32(256 + 4 * n, v, true);
      });
    });
    const volume = await readVolume(bytes);
    near(t, volume.affine, AFFINE);
    const same = formsOf(await encodeVolume(volume, 'nifti1'));
    t.deepEqual([same.qform, same.sform], [1, sform]);
    near(t, same.quaternion, [0, 0, half, 100, 50, -25]);
    const part = cropVolume(volume, { start: [2, 1, 0], size: [3, 3, 3] });
    const cut = formsOf(await encodeVolume(part, 'nifti2'));
    t.deepEqual([cut.qform, cut.sform], [1, sform]);
    // Two voxels of 1.5 mm along +y of the scanner, one of 2 mm along −x.
    near(t, cut.quaternion, [0, 0, half, 98, 53, -25]);
  }
});

test('a qform that is only the rotation nearest to a sheared sform is not written again', async (t) => {
  for (const sform of [1, 4]) {
    const bytes = await patched((view) => {
      withCodes(1, sform)(view);
      view.setFloat32(76, 1, true);
      // As nibabel writes it: half of the tilt about x, after 180° about z.
      const half = (7.5 * Math.PI) / 360;
      [0, Math.sin(half), Math.cos(half), 0, 0, 0].forEach((v, n) => {
        view.setFloat32(256 + 4 * n, v, true);
      });
    }, tilted(15));
    const forms = formsOf(await encodeVolume(await readVolume(bytes), 'nifti1'));
    t.deepEqual([forms.qform, forms.sform], [0, sform]);
  }
});

test('NIfTI: a form that cannot place voxels is passed over, with a note', async (t) => {
  const rows = (values: number[]) => (view: DataView) => {
    values.forEach((v, n) => {
      view.setFloat32(280 + 4 * n, v, true);
    });
  };
  const singular = [1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 3, 0];
  const sforms = [
    new Array<number>(12).fill(0),
    singular,
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0],
    [1, 0, 0, Number.NaN, 0, 2, 0, 0, 0, 0, 3, 0],
    [1e-38, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0],
    [3e38, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0],
  ];
  for (const sform of sforms) {
    const header = await readHeader(await patched(rows(sform)));
    near(t, header.affine, AFFINE);
    t.is(header.orientation, 'LAS');
    t.regex(header.notes.join(' '), /Its sform .* was passed over/);
    const alone = await readHeader(
      await patched((view) => {
        rows(sform)(view);
        withCodes(0, 1)(view);
      }),
    );
    near(t, alone.spacing, [1.5, 2, 3]);
    t.regex(alone.notes.join(' '), /its position is unknown/);
  }
  const sizes = await readHeader(
    await patched((view) => {
      rows(singular)(view);
      view.setFloat32(80, 0, true);
      view.setFloat32(84, -2, true);
      view.setFloat32(88, Number.POSITIVE_INFINITY, true);
    }),
  );
  near(t, sizes.spacing, [1, 2, 1]);
  t.regex(sizes.notes.join(' '), /voxel sizes that are none \(0, Infinity along i and k\)/);
  t.regex(sizes.notes.join(' '), /negative voxel sizes \(-2 along j\)/);
  const quaternion = await readHeader(
    await patched((view) => {
      rows(singular)(view);
      view.setFloat32(256, Number.NaN, true);
    }),
  );
  t.regex(quaternion.notes.join(' '), /Its qform .* was passed over/);
});

test('NIfTI: the axis across a single slice may be left empty', async (t) => {
  const flat = createVolume(voxels.slice(0, 30), { shape: [5, 6, 1], affine: AFFINE });
  const bytes = await encodeVolume(flat, 'nifti1');
  const view = new DataView(bytes.buffer);
  for (const at of [288, 304, 320]) view.setFloat32(at, 0, true);
  withCodes(0, 1)(view);
  const header = await readHeader(bytes);
  near(t, header.affine, AFFINE);
  t.regex(header.notes.join(' '), /at right angles/);
});

const text = (head: string): Uint8Array => {
  const bytes = new Uint8Array(head.length + 24);
  bytes.set(new TextEncoder().encode(head));
  return bytes;
};

test('MetaImage: lengths and directions that are none are passed over, with a note', async (t) => {
  const meta = (fields: string): Uint8Array =>
    text(
      `NDims = 3\nDimSize = 2 3 4\nOffset = 1 2 3\n${fields}\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n`,
    );
  const zero = await readHeader(meta('ElementSpacing = 0 2 3'), { name: 'a.mha' });
  near(t, zero.affine, [-1, 0, 0, -1, 0, -2, 0, -2, 0, 0, 3, 3, 0, 0, 0, 1]);
  t.regex(zero.notes.join(' '), /ElementSpacing is none \(0 along i\); 1 mm/);
  const turned = await readHeader(
    meta('ElementSpacing = 4 0 3\nTransformMatrix = 0 1 0 -1 0 0 0 0 1'),
    { name: 'a.mha' },
  );
  near(t, turned.spacing, [4, 1, 3]);
  near(t, [turned.affine[1], turned.affine[5]], [1, 0]);
  for (const matrix of ['0 0 0 0 0 0 0 0 0', '1 0 0 1 0 0 0 0 1']) {
    const header = await readHeader(meta(`ElementSpacing = 2 3 4\nTransformMatrix = ${matrix}`), {
      name: 'a.mha',
    });
    t.is(header.orientation, 'LPS');
    t.true(affineSpacing(header.affine).every((mm) => mm > 0));
    t.regex(header.notes.join(' '), /TransformMatrix cannot place voxels/);
  }
  // As ITK: the axis runs the other way.
  t.is((await readHeader(meta('ElementSpacing = -1 2 3'), { name: 'a.mha' })).orientation, 'RPS');
  for (const spacing of ['nan 2 3', 'inf 2 3']) {
    await t.throwsAsync(readHeader(meta(`ElementSpacing = ${spacing}`), { name: 'a.mha' }), {
      code: 'corrupt',
    });
  }
});

test('NRRD: lengths and directions that are none are passed over, with a note', async (t) => {
  const nrrd = (fields: string): Uint8Array =>
    text(`NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 3 4\nencoding: raw\n${fields}\n\n`);
  const space = (directions: string): Uint8Array =>
    nrrd(`space: RAS\nspace directions: ${directions}\nspace origin: (1,2,3)`);
  const zero = await readHeader(space('(0,0,0) (0,2,0) (0,0,3)'));
  near(t, zero.affine, [1, 0, 0, 1, 0, 2, 0, 2, 0, 0, 3, 3, 0, 0, 0, 1]);
  t.regex(zero.notes.join(' '), /those of i were passed over/);
  const oblique = await readHeader(space('(0,3,4) (0,0,0) (5,0,0)'));
  near(t, oblique.spacing, [5, 1, 5]);
  near(t, [oblique.affine[1], oblique.affine[5], oblique.affine[9]], [0, 0.8, -0.6]);
  const parallel = await readHeader(space('(2,0,0) (2,0,0) (0,0,3)'));
  near(t, parallel.spacing, [2, 2, 3]);
  t.regex(parallel.notes.join(' '), /those of i, j and k were passed over/);
  const unknown = await readHeader(space('(nan,nan,nan) (0,2,0) (0,0,3)'));
  near(t, unknown.spacing, [1, 2, 3]);
  t.deepEqual(unknown.notes, []);
  const broken = await readHeader(space('(1,0,nan) (0,2,0) (0,0,3)'));
  near(t, broken.spacing, [1, 2, 3]);
  t.regex(broken.notes.join(' '), /those of i were passed over/);
  await t.throwsAsync(readHeader(space('(inf,0,0) (0,2,0) (0,0,3)')), { code: 'geometry' });
  const spacings = await readHeader(nrrd('spacings: 0 inf 3'));
  near(t, spacings.spacing, [1, 1, 3]);
  t.regex(spacings.notes.join(' '), /spacings that are none \(0, Infinity along i and j\)/);
});

test('a volume cannot be made with an affine that cannot place voxels', (t) => {
  const refused = (affine: Affine | number[]): void => {
    const error = t.throws(() => createVolume(voxels, { shape: SHAPE, affine }), {
      instanceOf: VolumeIoError,
    });
    t.is(error?.code, 'geometry');
  };
  refused(new Float64Array(16));
  refused([1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1]);
  refused(scaleAffine([1, 0, 1]));
  refused(scaleAffine([1, Number.NaN, 1]));
  refused([1, 0, 0]);
  t.notThrows(() => createVolume(voxels, { shape: SHAPE, affine: scaleAffine([1e-6, 1, 1e-6]) }));
});
