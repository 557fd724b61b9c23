import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import test from 'ava';
import { unseenImages } from '#src/compare/unseen-images.js';
import { writeBalls } from '../helpers/volumes.js';

test('a volume that is tested on is left out of several folders, as a link and as a copy', async (t) => {
  const folder = await tempFolder(t);
  await writeBalls(folder, 4, [8, 8, 8]);
  const at = (...parts: string[]): string => join(folder, ...parts);
  const name = (n: number): string => `case${n}.nii.gz`;
  await mkdir(at('more'));
  await symlink(at('images', name(0)), at('more', 'linked.nii.gz'));
  await copyFile(at('images', name(1)), at('more', name(1)));
  await copyFile(at('images', name(3)), at('more', 'other.nii.gz'));
  const tested = [0, 1].map((n) => ({
    name: `case${n}`,
    group: `case${n}`,
    images: [at('images', name(n))],
    label: at('labels', name(n)),
  }));
  const found = await unseenImages([at('images'), at('more')], tested);
  t.deepEqual(
    found.map(([path]) => basename(path)),
    [name(2), name(3), 'other.nii.gz'],
  );
  const all = [0, 1, 2, 3].map((n) => ({ ...tested[0], images: [at('images', name(n))] }));
  await t.throwsAsync(unseenImages(at('images'), all), { code: 'no-data' });
});
