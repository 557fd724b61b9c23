import { basename, dirname, join } from 'node:path';
import { atomicWrite } from '@genesis/core/node';
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
import { channelNames } from '../../channel-names.js';
import { checkOutputs } from '../../data/check-outputs.js';
import { type DatasetItem, readChannels } from '../../data/dataset.js';
import { besideVolume, isVolumeFile, makeFolders, outputName } from '../../data/output-paths.js';
import { ScratchProbabilities, SHARE, toShares } from '../../data/scratch-probabilities.js';
import { writeOutput } from '../../data/write-output.js';
import { TrainerError } from '../../errors.js';
import { labelPreview } from '../../report/label-preview.js';
import { encodePng } from '../../report/png.js';
import { forEachCase } from '../common/for-each-case.js';
import type { CasePrediction, PredictRequest } from '../common/task.js';
import { foreground, namesText, segmentFields } from './class-names.js';
import { type ClassStatistics, classStatistics, statisticsCsv } from './class-statistics.js';

/** A segmented volume. */
export interface SegmentationPrediction extends CasePrediction {
  /** The label volume. */
  readonly path: string;
  /** The probability of each class by its name, where it was asked for. */
  readonly probabilityPaths?: Readonly<Record<string, string>>;
  /** How unsure the network is, where it was asked for. */
  readonly entropyPath?: string;
  /** Size, place and intensities of each class, where they were asked for. */
  readonly statistics?: readonly ClassStatistics[];
  /** The picture, where it was asked for. */
  readonly previewPath?: string;
  /** Names and colours of the classes, where they were asked for. */
  readonly namesPath?: string;
}

type Request = PredictRequest<SegmentationCard>;

/** The files that are written for an item. */
interface OutputPaths {
  readonly labels: string;
  readonly probabilities?: Readonly<Record<string, string>>;
  readonly entropy?: string;
  readonly preview?: string;
  readonly names?: string;
}

/** Writes a label volume for each item, in its own geometry, and what else was asked for. Those written before a failure stay. */
export async function predictSegmentation(request: Request): Promise<SegmentationPrediction[]> {
  const { items, info } = request;
  const paths = await outputPaths(request);
  // Nothing here holds on to the volume, so that its memory is free while the network works.
  const predictOne = async (item: DatasetItem, own: OutputPaths): Promise<Volume> =>
    predictImage(await readChannels(item, info.preparation.nonFinite), own, request);
  const predictions: SegmentationPrediction[] = [];
  await forEachCase(items, request, async (item, n) => {
    const { labels, probabilities, entropy, preview, names } = paths[n];
    const found = await predictOne(item, paths[n]);
    if (names !== undefined) await atomicWrite(names, namesText(info));
    predictions.push({
      name: item.name,
      input: item.path,
      path: labels,
      probabilityPaths: probabilities,
      entropyPath: entropy,
      statistics: await describeLabels(item, found, paths[n], request),
      previewPath: preview,
      namesPath: names,
    });
    return labels;
  });
  if (request.statistics !== undefined)
    await writeStatistics(request.statistics, predictions, info);
  return predictions;
}

/** Draws the picture and counts the voxels that were asked for, for which the image is read again. */
async function describeLabels(
  item: DatasetItem,
  labels: Volume,
  { preview }: OutputPaths,
  { statistics, info }: Request,
): Promise<ClassStatistics[] | undefined> {
  if (preview === undefined && statistics === undefined) return undefined;
  const image = await readChannels(item, info.preparation.nonFinite);
  if (preview !== undefined) {
    const shown = foreground(info).map(({ value }) => value);
    const { pixels, width, height } = labelPreview(firstVolume(image), labels, shown);
    await atomicWrite(preview, encodePng(pixels, width, height));
  }
  return statistics === undefined ? undefined : classStatistics(labels, image, info);
}

async function writeStatistics(
  path: string,
  predictions: readonly SegmentationPrediction[],
  { preparation }: SegmentationCard,
): Promise<void> {
  const cases = predictions.map(({ name, statistics = [] }) => ({ name, classes: statistics }));
  await atomicWrite(
    path,
    /\.csv$/i.test(path)
      ? statisticsCsv(cases, channelNames(preparation))
      : `${JSON.stringify(cases, null, 2)}\n`,
  );
}

/** Segments one image and writes what comes of it. */
function predictImage(image: Image, paths: OutputPaths, request: Request): Promise<Volume> {
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
      const labels = labelVolume(found, request.info, geometry);
      const keyValues = isSegNrrd(paths.labels) ? segmentFields(request.info, labels) : undefined;
      await writeOutput(paths.labels, labels, { keyValues });
      await maps.write(geometry);
      return labels;
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

/** Whether 3D Slicer looks for segments in a file. */
function isSegNrrd(path: string): boolean {
  return /\.seg\.nrrd$/i.test(path);
}

/** The paths for each input, mirroring the tree of the inputs. Nothing is written yet. */
async function outputPaths(request: Request): Promise<OutputPaths[]> {
  const { items, images, out, overwrite, files, info, probabilities, entropy } = request;
  const { format = 'nii.gz', preview, statistics } = request;
  if (statistics !== undefined && !/\.(csv|json)$/i.test(statistics)) {
    throw new TrainerError(
      'bad-argument',
      `--statistics ${statistics} ends neither in .csv nor in .json`,
      { file: statistics },
    );
  }
  const isFile = await isVolumeFile(out);
  if (isFile && items.length > 1) {
    throw new TrainerError(
      'bad-argument',
      `${images} holds ${items.length} volumes, but --out ${out} is one file: give a folder`,
      { file: out },
    );
  }
  const paths = items.map(({ key }): OutputPaths => {
    const below = (folder: string, more = '', extension = 'nii.gz'): string =>
      join(folder, `${outputName(`${key}${more}`)}.${extension}`);
    const labels = isFile ? out : below(out, '', format);
    return {
      labels,
      preview: preview === undefined ? undefined : below(preview, '', 'png'),
      // A .seg.nrrd has them inside.
      names: request.names && !isSegNrrd(labels) ? besideVolume(labels, '.json') : undefined,
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
    ...[one.entropy, one.preview, one.names].filter((path) => path !== undefined),
  ]);
  const twice = all.find((path, n) => all.indexOf(path) !== n);
  if (twice !== undefined) {
    throw new TrainerError(
      'bad-argument',
      `two results would be written to ${twice}: predict them one by one, into other folders`,
      { file: twice },
    );
  }
  if (statistics !== undefined) all.push(statistics);
  await checkOutputs({ inputs: [images, ...files], outputs: all, folder: out, overwrite });
  await makeFolders(all);
  return paths;
}
