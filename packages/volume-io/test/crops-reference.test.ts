import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  chestPhantom,
  createCropSampler,
  crop,
  normalizeIntensity,
  readVolume,
  resampleToSpacing,
  type Vec3,
  type Volume,
} from '@genesis/volume-io';
import test from 'ava';

interface Run {
  volume: string;
  size: Vec3;
  border: Vec3;
  count: number;
  tries: Vec3[];
  accepted: number[];
  sha256: string[];
}

const runs: Run[] = JSON.parse(
  readFileSync(new URL('../../test/fixtures/crops/reference.json', import.meta.url), 'utf8'),
);
const folder = join(
  process.env.GENESIS_DATA ?? join('..', '..', '..', 'shared', 'data'),
  'chest_ct_nifti',
);

/** Numbers that make the sampler try exactly the logged positions. */
function replay(run: Run, lo: Vec3, hi: Vec3): { random: () => number; used: () => number } {
  const values = run.tries.flatMap((p) => p.map((n, d) => (n - lo[d] + 0.5) / (hi[d] - lo[d] + 1)));
  let at = 0;
  return {
    random: () => {
      if (at >= values.length) throw new Error('more numbers drawn than the reference drew');
      return values[at++];
    },
    used: () => at,
  };
}

/** Whether the volume of a run can be had: real ones are not part of the repository. */
function isThere(name: string): boolean {
  return name === 'phantom' || existsSync(join(folder, name.split(' ')[0]));
}

async function load(name: string): Promise<Volume> {
  if (name === 'phantom') return chestPhantom({ seed: 0 }).image;
  const [file, doubled] = name.split(' ');
  const volume = await readVolume(join(folder, file));
  if (!doubled) return volume;
  const [x, y, z] = volume.spacing;
  return resampleToSpacing(volume, [x / 2, y / 2, z], { interpolation: 'nearest' });
}

for (const run of runs) {
  const title = `${run.volume}, crops ${run.size.join('×')}: ${run.tries.length} tries, ${run.accepted.length} kept`;
  const maybe = isThere(run.volume) ? test : test.skip;
  maybe(`the reference keeps the same crops: ${title}`, async (t) => {
    const volume = await load(run.volume);
    const scaled = normalizeIntensity(volume, { kind: 'ct' });
    const sampler = createCropSampler(scaled, {
      size: run.size,
      border: run.border,
      rule: 'reference',
    });
    if (!sampler.range) {
      t.is(run.tries.length, 0);
      return;
    }
    const { random, used } = replay(run, sampler.range.lo, sampler.range.hi);
    const positions = sampler.draw(run.count, random);
    t.deepEqual(
      positions,
      run.accepted.map((n) => run.tries[n]),
    );
    t.is(used(), 3 * run.tries.length, 'as many numbers drawn');
    const digests = positions.map((p) => {
      const { data } = crop(scaled, p, run.size);
      return createHash('sha256').update(new Uint8Array(data.buffer)).digest('hex').slice(0, 16);
    });
    t.deepEqual(digests, run.sha256);
  });
}

test('the fixture holds crops kept and crops rejected, and a volume that is skipped', (t) => {
  t.true(runs.some((r) => r.accepted.length > 0 && r.accepted.length < r.tries.length));
  t.true(runs.some((r) => r.tries.length === 0));
});
