import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  createVolume,
  encodeVolume,
  type Vec3,
  type Volume,
  writeVolume,
} from '@genesis/volume-io';
import ndarray from 'ndarray';
import { ball } from './volumes.js';

/** A case as the layouts are made of. */
export interface TinyCase {
  readonly name: string;
  /** An image for each channel. */
  readonly images: readonly Volume[];
  readonly labels: Volume;
}

/** Balls of classes 1 and 2, as float32 images; a second channel holds the first one's values turned around. */
export function tinyCases(count: number, shape: Vec3, channels = 1): TinyCase[] {
  return Array.from({ length: count }, (_, seed) => {
    const center = shape.map((side, axis) => side / 2 + (((seed * (axis + 3)) % 5) - 2) / 2);
    const { image, labels } = ball({ shape, center, radius: 4 + (seed % 2), seed });
    const images = Array.from({ length: channels }, (_, n) =>
      n === 0 ? image : inverted(image, n),
    );
    return { name: `case${seed}`, images, labels };
  });
}

function inverted({ data, affine }: Volume, channel: number): Volume {
  const values = Float32Array.from(data.data, (value) => (1000 - value) / channel);
  return createVolume(ndarray(values, data.shape, data.stride), { affine });
}

const NAMES = { background: 0, shell: 1, core: 2 };

/** Ways to lay cases out on disk, one channel or several. Each gives the path to train from. */
export const writers: Readonly<
  Record<string, (folder: string, cases: readonly TinyCase[]) => Promise<string>>
> = {
  async nnunet(folder, cases) {
    for (const { name, images, labels } of cases) {
      for (const [n, image] of images.entries()) {
        await write(join(folder, 'imagesTr', `${name}_000${n}.nii.gz`), image);
      }
      await write(join(folder, 'labelsTr', `${name}.nii.gz`), labels);
    }
    const channel_names = Object.fromEntries(cases[0].images.map((_, n) => [n, `seq${n}`]));
    await json(join(folder, 'dataset.json'), {
      channel_names,
      labels: NAMES,
      numTraining: cases.length,
      file_ending: '.nii.gz',
    });
    return folder;
  },
  async decathlon(folder, cases) {
    const training = [];
    for (const { name, images, labels } of cases) {
      const paths = { image: `./imagesTr/${name}.nii.gz`, label: `./labelsTr/${name}.nii.gz` };
      if (images.length === 1) await write(join(folder, paths.image), images[0]);
      else {
        await mkdir(dirname(join(folder, paths.image)), { recursive: true });
        await writeFile(join(folder, paths.image), await fourDimensional(images));
      }
      await write(join(folder, paths.label), labels);
      training.push(paths);
    }
    await json(join(folder, 'dataset.json'), {
      name: 'tiny',
      modality: Object.fromEntries(cases[0].images.map((_, n) => [n, `seq${n}`])),
      labels: Object.fromEntries(Object.entries(NAMES).map(([name, value]) => [value, name])),
      training,
      test: [],
    });
    return folder;
  },
  async monai(folder, cases) {
    const training = [];
    for (const { name, images, labels } of cases) {
      const paths = images.map((_, n) => `scans/${name}/seq${n}.nii.gz`);
      for (const [n, image] of images.entries()) await write(join(folder, paths[n]), image);
      const label = `truth/${name}.nii.gz`;
      await write(join(folder, label), labels);
      training.push({ image: paths.length === 1 ? paths[0] : paths, label, fold: 0 });
    }
    await json(join(folder, 'datalist.json'), { labels: NAMES, training });
    return folder;
  },
  async bids(folder, cases) {
    await json(join(folder, 'dataset_description.json'), { Name: 'tiny', BIDSVersion: '1.9.0' });
    for (const { name, images, labels } of cases) {
      const place = `sub-${name}/anat/sub-${name}`;
      for (const [n, image] of images.entries()) {
        await write(join(folder, `${place}_${['T1w', 'T2w', 'FLAIR'][n]}.nii.gz`), image);
      }
      await write(join(folder, 'derivatives', 'manual', `${place}_dseg.nii.gz`), labels);
    }
    const rows = Object.entries(NAMES).map(([name, value]) => `${value}\t${name}`);
    await writeFile(
      join(folder, 'derivatives', 'manual', 'dseg.tsv'),
      `index\tname\n${rows.join('\n')}\n`,
    );
    return folder;
  },
  async csv(folder, cases) {
    const channels = cases[0].images.map((_, n) => `seq${n}`);
    const lines = [['name', ...channels, 'label'].join(',')];
    for (const { name, images, labels } of cases) {
      const paths = images.map((_, n) => `files/${name}-${n}.nii.gz`);
      for (const [n, image] of images.entries()) await write(join(folder, paths[n]), image);
      await write(join(folder, `files/${name}-truth.nii.gz`), labels);
      lines.push([name, ...paths, `files/${name}-truth.nii.gz`].join(','));
    }
    await writeFile(join(folder, 'cases.csv'), `${lines.join('\n')}\n`);
    return join(folder, 'cases.csv');
  },
  async 'case-folders'(folder, cases) {
    for (const { name, images, labels } of cases) {
      for (const [n, image] of images.entries()) {
        await write(join(folder, name, `${name}_seq${n}.nii.gz`), image);
      }
      await write(join(folder, name, `${name}_seg.nii.gz`), labels);
    }
    return folder;
  },
};

export async function write(path: string, volume: Volume): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeVolume(path, volume);
}

export async function json(path: string, value: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(value));
}

/** A gzipped NIfTI file whose volumes are these, as the Decathlon keeps several modalities. */
async function fourDimensional(images: readonly Volume[]): Promise<Uint8Array> {
  const [{ affine, data }] = images;
  const [nx, ny, nz] = data.shape;
  const values = new Float32Array(images.length * data.size);
  for (const [n, image] of images.entries()) values.set(image.data.data, n * data.size);
  const shape = [nx, ny, nz * images.length];
  const stacked = createVolume(ndarray(values, shape, [1, nx, nx * ny]), { affine });
  const bytes = await encodeVolume(stacked, 'nifti1');
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [n, size] of [4, nx, ny, nz, images.length].entries()) {
    header.setInt16(40 + 2 * n, size, true);
  }
  return gzipSync(bytes);
}
