import { copyStrided, cStrides, sizeOf, type Vec3 } from '@genesis/core';
import type { RegionResampler } from '@genesis/volume-io';
import ndarray from 'ndarray';
import type { VisitBlock } from './api.js';
import type { OutputGrid } from './output-grid.js';
import type { Range, Tile } from './plan-tiles.js';
import type { WindowSums } from './window-sums.js';

/** Gives planes of the result, from (inclusive) to (exclusive), whose windows' voxels are all closed. */
export type VisitMeans = (sums: WindowSums, planes: Range, tile: Tile) => void;

/** Channels that are brought into the order of resampling at a time: as many as a line of the cache holds. */
export function channelsAtATime(channels: number): number {
  return Math.min(16, channels);
}

/** Voxels that are resampled at a time, about. */
const VOXELS = 2 ** 22;

/** How the means of closed planes become blocks of the result. */
export function meansVisitor(output: OutputGrid, channels: number, visit: VisitBlock): VisitMeans {
  const { resampler } = output;
  if (resampler) return resamplingVisitor(resampler, channels, visit);
  return (sums, planes, { y, z }) =>
    visit({ start: [planes[0], y[0], z[0]], channel: 0, values: sums.means(...planes) });
}

function resamplingVisitor(
  resampler: RegionResampler,
  channels: number,
  visit: VisitBlock,
): VisitMeans {
  const group = channelsAtATime(channels);
  const memory = { old: new Float32Array(), fresh: new Float32Array(), block: new Float32Array() };
  const room = (name: keyof typeof memory, length: number): Float32Array => {
    if (memory[name].length < length) memory[name] = new Float32Array(length);
    return memory[name].subarray(0, length);
  };
  const give = (sums: WindowSums, x: Range, { y, z }: Tile): void => {
    const start: Vec3 = [x[0], y[0], z[0]];
    const size: Vec3 = [x[1] - x[0], y[1] - y[0], z[1] - z[0]];
    const needed = [resampler.needs(0, ...x), resampler.needs(1, ...y), resampler.needs(2, ...z)];
    const oldStart = needed.map(([first]) => first) as Vec3;
    const shape = needed.map(([first, end]) => end - first) as Vec3;
    const means = sums.means(needed[0][0], needed[0][1]);
    const voxels = sizeOf(shape);
    const old = room('old', voxels * group);
    const stride = [1, shape[0], shape[0] * shape[1]];
    const fresh = room('fresh', sizeOf(size));
    const block = room('block', sizeOf(size));
    for (let channel = 0; channel < channels; channel++) {
      const place = channel % group;
      if (place === 0) {
        const from = { offset: means.offset + channel, stride: means.stride };
        const to = { offset: 0, stride: [...stride, voxels] };
        const there = Math.min(group, channels - channel);
        copyStrided(means.data, from, old, to, [...shape, there]);
      }
      const one = ndarray(old.subarray(place * voxels, (place + 1) * voxels), shape, stride);
      const resampled = resampler.resample(one, oldStart, { start, size }, fresh);
      copyStrided(fresh, resampled, block, { offset: 0, stride: cStrides(size) }, size);
      visit({ start, channel, values: ndarray(block, [...size, 1]) });
    }
  };
  return (sums, [from, to], tile) => {
    const area = (tile.y[1] - tile.y[0]) * (tile.z[1] - tile.z[0]);
    const planes = Math.max(1, Math.floor(VOXELS / area));
    for (let first = from; first < to; first += planes) {
      give(sums, [first, Math.min(to, first + planes)], tile);
    }
  };
}
