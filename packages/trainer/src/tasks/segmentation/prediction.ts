import { basename, dirname, join } from 'node:path';
import {
  EntropyMap,
  firstVolume,
  type Image,
  type ImageGeometry,
  imageVolume,
  labelVolume,
  type SegmentationCard,
  type SegmentOpts,
  segmentVolume,
} from '@genesis/inference';
import type { Affine, Vec3, Volume } from '@genesis/volume-io';
import ndarray, { type NdArray } from 'ndarray';
import { checkOutputs } from '../../data/check-outputs.js';
import { type DatasetItem, readChannels } from '../../data/dataset.js';
import { isVolumeFile, makeFolders, outputName } from '../../data/output-paths.js';
import { ScratchProbabilities, SHARE, toShares } from '../../data/scratch-probabilities.js';
import { writeOutput } from '../../data/write-output.js';
import { TrainerError } from '../../errors.js';
import { forEachCase } from '../common/for-each-case.js';
import type { CasePrediction, PredictRequest } from '../common/task.js';

/** A segmented volume. */
export interface SegmentationPrediction extends CasePrediction {
  /** The label volume. */
  readonly path: string;
  /** The probability of each class by its name, where it was asked for. */
  readonly probabilityPaths?: Readonly<Record<string, string>>;
  /** How unsure the network is, where it was asked for. */
  readonly entropyPath?: string;
}

type Request = PredictRequest<SegmentationCard>;

/** The files that are written for an item. */
interface OutputPaths {
  readonly labels: string;
  readonly probabilities?: Readonly<Record<string, string>>;
  readonly entropy?: string;
}

/** Writes a label volume for each item, in its own geometry, and what else was asked for. Those written before a failure stay. */
export async function predictSegmentation(request: Request): Promise<SegmentationPrediction[]> {
  const { items, info } = request;
  const paths = await outputPaths(request);
  // Nothing here holds on to the volume, so that its memory is free while the network works.
  const predictOne = async (item: DatasetItem, own: OutputPaths): Promise<void> =>
    predictImage(await readChannels(item, info.preparation.nonFinite), own, request);
  const predictions: SegmentationPrediction[] = [];
  await forEachCase(items, request, async (item, n) => {
    const { labels, probabilities, entropy } = paths[n];
    await predictOne(item, paths[n]);
    predictions.push({
      name: item.name,
      input: item.path,
      path: labels,
      probabilityPaths: probabilities,
      entropyPath: entropy,
    });
    return labels;
  });
  return predictions;
}

/** Segments one image and writes what comes of it. */
function predictImage(image: Image, paths: OutputPaths, request: Request): Promise<void> {
  const { affine, orientation, header } = firstVolume(image);
  const geometry: ImageGeometry = { affine, orientation, header };
  const maps = new ProbabilityMaps(request.info, paths);
  const wantsMaps = paths.probabilities !== undefined || paths.entropy !== undefined;
  // Not awaited where `image` is known, so that its memory is free while the network works.
  const segmentation = segmentVolume(image, request.network, request.info, {
    overlap: request.overlap,
    onGrid: wantsMaps ? maps.onGrid : undefined,
    onProbabilities: wantsMaps ? maps.onProbabilities : undefined,
  });
  return segmentation
    .then(async (found) => {
      await writeOutput(paths.labels, labelVolume(found, request.info, geometry));
      await maps.write(geometry);
    })
    .finally(() => maps.close());
}

/** What is kept of the probabilities of one volume while they come. */
class ProbabilityMaps {
  private affine: Affine = new Float64Array(16);
  private scratch?: ScratchProbabilities;
  private entropy?: EntropyMap;

  constructor(
    private readonly info: SegmentationCard,
    private readonly paths: OutputPaths,
  ) {}

  readonly onGrid: NonNullable<SegmentOpts['onGrid']> = ({ shape, affine }) => {
    this.affine = affine;
    const { probabilities, entropy, labels } = this.paths;
    if (entropy !== undefined) this.entropy = new EntropyMap(shape, this.info.classes.length);
    if (!probabilities) return;
    const [first = labels] = Object.values(probabilities);
    const name = `.${basename(first)}.${process.pid}.scratch`;
    this.scratch = new ScratchProbabilities(join(dirname(first), name), shape);
  };

  readonly onProbabilities: NonNullable<SegmentOpts['onProbabilities']> = (block) => {
    this.scratch?.add(block);
    this.entropy?.add(block);
  };

  async write(geometry: ImageGeometry): Promise<void> {
    const { probabilities = {}, entropy } = this.paths;
    const write = (path: string, values: NdArray<Uint16Array>, what: string): Promise<void> => {
      const volume = imageVolume(values, this.affine, geometry, `genesis ${what}`);
      return writeOutput(path, volume as Volume, { slope: SHARE });
    };
    if (this.entropy && entropy !== undefined) {
      const { data, shape } = this.entropy.values;
      const shares = toShares(data, new Uint16Array(data.length));
      await write(entropy, ndarray(shares, shape as Vec3), 'entropy');
    }
    for (const [n, { name }] of this.info.classes.entries()) {
      if (this.scratch)
        await write(probabilities[name], this.scratch.read(n), `probability ${name}`);
    }
  }

  close(): void {
    this.scratch?.close();
  }
}

/** The paths for each input, mirroring the tree of the inputs. Nothing is written yet. */
async function outputPaths(request: Request): Promise<OutputPaths[]> {
  const { items, images, out, overwrite, files, info, probabilities, entropy } = request;
  const isFile = await isVolumeFile(out);
  if (isFile && items.length > 1) {
    throw new TrainerError(
      'bad-argument',
      `${images} holds ${items.length} volumes, but --out ${out} is one file: give a folder`,
      { file: out },
    );
  }
  const paths = items.map(({ key }): OutputPaths => {
    const below = (folder: string, more = ''): string =>
      join(folder, `${outputName(`${key}${more}`)}.nii.gz`);
    return {
      labels: isFile ? out : below(out),
      probabilities:
        probabilities === undefined
          ? undefined
          : Object.fromEntries(
              info.classes.map(({ name }) => [
                name,
                below(probabilities, `_${name.replaceAll('/', '_')}`),
              ]),
            ),
      entropy: entropy === undefined ? undefined : below(entropy),
    };
  });
  const all = paths.flatMap((one) => [
    one.labels,
    ...Object.values(one.probabilities ?? {}),
    ...(one.entropy === undefined ? [] : [one.entropy]),
  ]);
  const twice = all.find((path, n) => all.indexOf(path) !== n);
  if (twice !== undefined) {
    throw new TrainerError(
      'bad-argument',
      `two results would be written to ${twice}: predict them one by one, into other folders`,
      { file: twice },
    );
  }
  await checkOutputs({ inputs: [images, ...files], outputs: all, folder: out, overwrite });
  await makeFolders(all);
  return paths;
}
