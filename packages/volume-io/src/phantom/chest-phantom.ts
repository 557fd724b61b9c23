import type { Vec3 } from '@genesis/core';
import ndarray, { type NdArray } from 'ndarray';
import { VolumeIoError } from '../errors.js';
import { createVolume } from '../voxels/create-volume.js';
import type { Volume } from '../voxels/volume.js';
import { addNoise } from './add-noise.js';
import { type ChestPhantom, type ChestPhantomOpts, phantomLabelNames } from './api.js';
import type { PhantomGrid } from './grid.js';
import { createMask } from './mask.js';
import { paintAbdomen } from './paint-abdomen.js';
import { paintGreatVessels } from './paint-great-vessels.js';
import { paintHeart } from './paint-heart.js';
import { paintAirways, paintParenchyma, paintVesselTrees } from './paint-lungs.js';
import { paintNodules } from './paint-nodules.js';
import { paintRibs } from './paint-ribs.js';
import { paintShoulders } from './paint-shoulders.js';
import { paintSpine } from './paint-spine.js';
import { paintTable } from './paint-table.js';
import { paintWall } from './paint-wall.js';
import { drawPatient } from './patient.js';
import { phantomRandom } from './random.js';

const FIELD_OF_VIEW: Vec3 = [384, 384, 288];

/**
 * A made-up chest CT with its label map: body wall, ribs, spine, shoulder girdle, two lungs with vessel trees, heart
 * and great vessels, airways, upper abdomen, nodules, partial volume, noise. Another seed is another patient; the same
 * seed is the same patient on any grid, and the same bytes on any machine (only operations that IEEE 754 defines
 * exactly are used). Axes run right, anterior, superior, with the middle of the chest in the middle of the grid.
 * The arrays are new and belong to the caller.
 * Throws VolumeIoError 'bad-argument' for a seed, shape, spacing or number of nodules that makes no sense.
 */
export function chestPhantom(opts: ChestPhantomOpts): ChestPhantom {
  const shape: Vec3 = [...(opts.shape ?? ([128, 128, 96] satisfies Vec3))];
  const spacing: Vec3 = opts.spacing
    ? [...opts.spacing]
    : [FIELD_OF_VIEW[0] / shape[0], FIELD_OF_VIEW[1] / shape[1], FIELD_OF_VIEW[2] / shape[2]];
  check(opts, shape, spacing);

  const patient = drawPatient(opts);
  const origin = [0, 1, 2].map((d) => (-(shape[d] - 1) / 2) * spacing[d]) as Vec3;
  const toModel = (p: Vec3): Vec3 =>
    [0, 1, 2].map((d) => (p[d] - patient.shift[d]) / patient.scale[d]) as Vec3;
  const voxels = shape[0] * shape[1] * shape[2];
  const grid: PhantomGrid = {
    shape,
    origin: toModel(origin),
    spacing: [0, 1, 2].map((d) => spacing[d] / patient.scale[d]) as Vec3,
    hu: new Float32Array(voxels).fill(-1000),
    labels: new Uint8Array(voxels),
  };
  const mask = createMask(grid);
  const key = phantomRandom(opts.seed, 1);
  paintTable(grid, mask, patient);
  paintWall(grid, mask, patient, key.word());
  paintAbdomen(grid, mask, patient, key.word());
  paintParenchyma(grid, mask, patient, key.word());
  paintVesselTrees(grid, mask, patient);
  paintHeart(grid, mask, patient);
  paintGreatVessels(grid, mask, patient);
  paintAirways(grid, mask, patient);
  paintSpine(grid, mask, patient);
  paintRibs(grid, mask, patient);
  paintShoulders(grid, mask);
  const nodules = paintNodules(grid, mask, patient, opts.nodules);
  addNoise(grid, patient.noise, phantomRandom(opts.seed, 2));

  const hu = new Int16Array(voxels);
  for (let n = 0; n < voxels; n++) {
    hu[n] = Math.max(-1024, Math.min(3071, Math.floor(grid.hu[n] + 0.5)));
  }
  return {
    image: wrap(hu, shape, spacing, origin, `chest phantom, seed ${opts.seed}`, 'CT'),
    labels: wrap(grid.labels, shape, spacing, origin, `labels of chest phantom, seed ${opts.seed}`),
    labelNames: phantomLabelNames,
    nodules: nodules.map((n) => ({
      ...n,
      center: [0, 1, 2].map((d) => n.center[d] * patient.scale[d] + patient.shift[d]) as Vec3,
    })),
  };
}

function wrap<T extends Int16Array | Uint8Array>(
  data: T,
  shape: Vec3,
  spacing: Vec3,
  origin: Vec3,
  description: string,
  modality?: string,
): Volume<T> {
  const nd = ndarray(data, [...shape], [1, shape[0], shape[0] * shape[1]]) as NdArray<T>;
  return createVolume<T>(nd, {
    spacing,
    origin,
    header: { description, modality },
  });
}

function check(opts: ChestPhantomOpts, shape: Vec3, spacing: Vec3): void {
  const fail = (what: string): never => {
    throw new VolumeIoError('bad-argument', `chestPhantom: ${what}`);
  };
  if (!Number.isSafeInteger(opts.seed)) fail(`seed must be an integer, not ${opts.seed}`);
  if (shape.length !== 3 || !shape.every((n) => Number.isSafeInteger(n) && n > 0)) {
    fail(`shape must be three positive integers, not ${shape.join(', ')}`);
  }
  if (spacing.length !== 3 || !spacing.every((s) => Number.isFinite(s) && s > 0)) {
    fail(`spacing must be three positive numbers of mm, not ${spacing.join(', ')}`);
  }
  const { nodules, noise } = opts;
  if (nodules !== undefined && !(Number.isSafeInteger(nodules) && nodules >= 0)) {
    fail(`nodules must be a count, not ${nodules}`);
  }
  if (noise !== undefined && !(Number.isFinite(noise) && noise >= 0)) {
    fail(`noise must be 0 or more HU, not ${noise}`);
  }
}
