import type { Rng } from '@genesis/transforms';
import { otsuThreshold } from '@genesis/volume-io';
import ndarray from 'ndarray';
import type { CropSite, CropSource } from '../crop-source.js';
import type { OfVoxels, WholeCrop } from './api.js';
import { kMeans } from './k-means.js';
import { axesOf } from './places.js';

/** x, y, z and the intensity. */
const FEATURES = 4;
/** What a standard deviation of the intensities counts beside places, which go from −1 to 1. */
const INTENSITY = 0.3;
/** Standard deviations beyond which intensities are all alike, so that metal and dense bone are not regions of their own. */
const FARTHEST = 3;
/** What the clusters are found in. */
const VOLUMES = 64;
const CROPS_OF_VOLUME = 4;
const VOXELS_OF_CROP = 256;

/**
 * Divides scans into regions without anybody's labels: clusters of place and intensity, such as "soft tissue, middle, left".
 * Intensities are smoothed a little and count by their robust standard deviation, so that it does not matter what they measure (ranks
 * would part soft tissue by its noise, where most voxels are alike); the dark background, below Otsu's threshold, is a region of its own.
 */
export class RegionMap {
  private constructor(
    private readonly threshold: number,
    /** Of the intensities above the threshold. */
    private readonly scale: Scale,
    /** [region, x y z intensity]. */
    private readonly centers: Float32Array,
  ) {}

  /** Regions with the background: 1 + the number of clusters. */
  get count(): number {
    return 1 + this.centers.length / FEATURES;
  }

  /** Finds at most `count` clusters in crops of up to 64 volumes. */
  static async fit(
    source: CropSource,
    volumes: number,
    count: number,
    rng: Rng,
  ): Promise<RegionMap> {
    const crops: OfVoxels[] = [];
    const many = Math.min(volumes, VOLUMES);
    for (let n = 0; n < many; n++) {
      const volume = Math.floor((n * volumes) / many);
      const found = await source.fixed(volume, CROPS_OF_VOLUME, rng.split(0, volume));
      crops.push(...found.map(({ crop, ...site }) => ({ target: crop, site })));
    }
    return RegionMap.of(crops, count, rng.split(1));
  }

  static of(crops: readonly OfVoxels[], count: number, rng: Rng): RegionMap {
    const drawn = crops.flatMap(({ target, site }) => drawVoxels(target, site, rng));
    const threshold = otsuThreshold(ndarray(Float32Array.from(drawn, ({ value }) => value)));
    const above = drawn.filter(({ value }) => value >= threshold);
    const scale = scaleOf(above.map(({ value }) => value));
    const points = Float32Array.from(
      above.flatMap(({ place, value }) => [...place, scaled(value, scale)]),
    );
    return new RegionMap(threshold, scale, kMeans(points, FEATURES, count, rng));
  }

  /** The region of each voxel of a crop: 0 for background, else 1 + the number of its cluster. A new array, [x, y, z]. */
  label(crop: WholeCrop, site: CropSite): Uint8Array {
    const { threshold, scale, centers } = this;
    const values = smoothed(crop);
    const [xs, ys, zs] = axesOf(site, crop.shape);
    const count = centers.length / FEATURES;
    const labels = new Uint8Array(values.length);
    const across = new Float32Array(count);
    let v = 0;
    for (const x of xs) {
      for (const y of ys) {
        for (let c = 0; c < count; c++) {
          across[c] = (x - centers[c * FEATURES]) ** 2 + (y - centers[c * FEATURES + 1]) ** 2;
        }
        for (const z of zs) {
          const value = values[v];
          if (value >= threshold) {
            const brightness = scaled(value, scale);
            let least = Number.POSITIVE_INFINITY;
            let region = 0;
            for (let c = 0; c < count; c++) {
              const dz = z - centers[c * FEATURES + 2];
              const dv = brightness - centers[c * FEATURES + 3];
              const distance = across[c] + dz * dz + dv * dv;
              if (distance < least) {
                least = distance;
                region = c + 1;
              }
            }
            labels[v] = region;
          }
          v++;
        }
      }
    }
    return labels;
  }
}

interface DrawnVoxel {
  readonly place: readonly number[];
  readonly value: number;
}

function drawVoxels(crop: WholeCrop, site: CropSite, rng: Rng): DrawnVoxel[] {
  const values = smoothed(crop);
  const axes = axesOf(site, crop.shape);
  return Array.from({ length: VOXELS_OF_CROP }, () => {
    const at = axes.map(({ length }) => Math.floor(rng.uniform() * length));
    const value = values[(at[0] * crop.shape[1] + at[1]) * crop.shape[2] + at[2]];
    return { place: at.map((n, axis) => axes[axis][n]), value };
  });
}

interface Scale {
  readonly median: number;
  /** Of a normal distribution with the same quartiles. */
  readonly deviation: number;
}

/** Ratio of the interquartile range of a normal distribution to its standard deviation. */
const QUARTILES = 1.349;

function scaleOf(values: readonly number[]): Scale {
  const sorted = Float64Array.from(values).sort();
  const [low, median, high] = [0.25, 0.5, 0.75].map(
    (share) => sorted[Math.floor(share * (sorted.length - 1))],
  );
  return { median, deviation: (high - low) / QUARTILES };
}

/** An intensity as the clusters see it; 0 where all are alike. */
function scaled(value: number, { median, deviation }: Scale): number {
  if (!(deviation > 0)) return 0;
  return INTENSITY * Math.max(-FARTHEST, Math.min(FARTHEST, (value - median) / deviation));
}

/** Means over 3×3×3 voxels of the first channel, fewer at the faces: [x, y, z], C order. */
function smoothed({ data, shape }: WholeCrop): Float32Array {
  const [nx, ny, nz, channels = 1] = shape;
  let from = Float32Array.from({ length: nx * ny * nz }, (_, n) => data[n * channels]);
  for (const [side, stride] of [
    [nx, ny * nz],
    [ny, nz],
    [nz, 1],
  ]) {
    const to = new Float32Array(from.length);
    for (let n = 0; n < from.length; n++) {
      const at = Math.floor(n / stride) % side;
      const before = at > 0 ? from[n - stride] : undefined;
      const after = at < side - 1 ? from[n + stride] : undefined;
      const members = 1 + Number(before !== undefined) + Number(after !== undefined);
      to[n] = (from[n] + (before ?? 0) + (after ?? 0)) / members;
    }
    from = to;
  }
  return from;
}
