import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { TrainerError } from '../../errors.js';
import { decodeText, parseCsv } from '../csv.js';
import type {
  DatasetDescription,
  DescribedCase,
  DescribedClass,
  DescribeOpts,
  LabelRef,
} from './api.js';
import { foldersBelow, isVolumeName, listNames, stemOf } from './list-files.js';

/** Folders of images that a network can take; functional and diffusion series are not among them. */
const DATATYPES = ['anat', 'pet', 'ct'];
/** Entities that say whose and when, not what. */
const WHOSE = ['sub', 'ses'];
/** Suffixes of label maps. */
const LABELS = ['dseg', 'seg', 'mask', 'probseg'];
/** Entities that derivatives add to the names of what they are made of. */
const ADDED = ['space', 'res', 'den', 'desc', 'label', 'atlas', 'hemi', 'seg'];
/** Levels below a subject: session, data type. */
const DEPTH = 3;

interface BidsFile {
  readonly path: string;
  readonly entities: ReadonlyMap<string, string>;
  readonly suffix: string;
}

/**
 * A BIDS dataset: images in `sub-…/[ses-…/]anat` (`pet`, `ct`), label maps in `derivatives`, as `…_dseg` or, a mask for each
 * class, `…_label-NAME_mask`. A case is a subject and session; channels are what names say beside these (`T1w`, `FLAIR`,
 * `acq-highres_T2w`). Classes are named by a `…_dseg.tsv` with the columns index and name.
 *
 * @param opts - `labels`: the folder of the derivative, where there are several.
 * @throws TrainerError 'bad-data'.
 */
export async function describeBids({ path, labels }: DescribeOpts): Promise<DatasetDescription> {
  const images = await filesOf(path);
  if (images.length === 0) {
    throw new TrainerError('bad-data', `${path} has no volumes in sub-…/anat, pet or ct`, {
      file: path,
    });
  }
  const derivative = labels ?? (await derivativeOf(path));
  const maps = derivative === undefined ? [] : await filesOf(derivative, true);
  const channels = [...new Set(images.map(channelOf))].sort();
  const cases = new Map<string, Map<string, BidsFile>>();
  for (const image of images) {
    const own = cases.get(caseOf(image)) ?? new Map<string, BidsFile>();
    const channel = channelOf(image);
    const before = own.get(channel);
    if (before) throw twoFiles(before, image);
    own.set(channel, image);
    cases.set(caseOf(image), own);
  }
  const isMask = (map: BidsFile): boolean => map.suffix === 'mask' && map.entities.has('label');
  const maskNames = [...new Set(maps.filter(isMask).map(labelOf))].sort();
  const hasMaps = maps.some(({ suffix }) => suffix === 'dseg' || suffix === 'seg');
  return {
    layout: 'bids',
    channels,
    classes: hasMaps
      ? await namedClasses(derivative)
      : maskNames.length > 1
        ? classesOfMasks(maskNames)
        : undefined,
    cases: [...cases].map(([name, own]): DescribedCase => {
      const [first] = own.values();
      return {
        name,
        patient: first.entities.get('sub'),
        images: channels.map((channel) => {
          const image = own.get(channel);
          return image && { path: image.path };
        }),
        label: labelOfCase(
          name,
          maps.filter((map) => caseOf(map) === name),
        ),
      };
    }),
  };
}

function labelOfCase(name: string, maps: readonly BidsFile[]): LabelRef | undefined {
  const whole = maps.filter(({ suffix }) => suffix === 'dseg' || suffix === 'seg');
  const masks = maps.filter(({ suffix }) => suffix === 'mask');
  const chosen = whole.length > 0 ? whole : masks;
  if (chosen.length <= 1) return chosen.length === 1 ? { path: chosen[0].path } : undefined;
  const areClasses =
    chosen === masks &&
    new Set(masks.map((mask) => mask.entities.get('label'))).size === masks.length;
  if (areClasses) {
    return {
      path: masks[0].path,
      masks: masks.map((mask) => ({ name: labelOf(mask), path: mask.path })),
    };
  }
  throw new TrainerError(
    'bad-data',
    `${name} has several label maps: ${chosen.map(({ path }) => path).join(', ')}; name the folder of the derivative with --labels`,
    { file: chosen[0].path },
  );
}

const labelOf = (file: BidsFile): string => file.entities.get('label') ?? file.suffix;

function classesOfMasks(names: readonly string[]): DescribedClass[] {
  return [
    { name: 'background', values: [0] },
    ...names.map((name, n) => ({ name, values: [n + 1] })),
  ];
}

/** The volumes of all subjects. */
async function filesOf(root: string, areDerived = false): Promise<BidsFile[]> {
  const subjects = (await listNames(root)).folders.filter((name) => name.startsWith('sub-'));
  const found: BidsFile[] = [];
  for (const subject of subjects) {
    for (const folder of await foldersBelow(join(root, subject), DEPTH)) {
      if (!areDerived && !DATATYPES.includes(basename(folder))) continue;
      for (const name of (await listNames(folder)).files.filter(isVolumeName)) {
        const file = parseName(join(folder, name));
        if (LABELS.includes(file.suffix) === areDerived) found.push(file);
      }
    }
  }
  return found;
}

/** 'sub-01_ses-2_acq-fast_T1w' → entities and suffix */
function parseName(path: string): BidsFile {
  const parts = stemOf(basename(path)).split('_');
  const suffix = parts.pop() ?? '';
  const entities = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('-');
    if (at > 0) entities.set(part.slice(0, at), part.slice(at + 1));
  }
  return { path, entities, suffix };
}

function caseOf({ entities }: BidsFile): string {
  return WHOSE.flatMap((key) => (entities.has(key) ? [`${key}-${entities.get(key)}`] : [])).join(
    '_',
  );
}

function channelOf({ entities, suffix }: BidsFile): string {
  const what = [...entities].filter(([key]) => !WHOSE.includes(key) && !ADDED.includes(key));
  return [...what.map(([key, value]) => `${key}-${value}`), suffix].join('_');
}

/** The only derivative with label maps; none when there is none. */
async function derivativeOf(root: string): Promise<string | undefined> {
  const place = join(root, 'derivatives');
  const candidates = [place, ...(await listNames(place)).folders.map((name) => join(place, name))];
  const holding: string[] = [];
  for (const folder of candidates) {
    if ((await filesOf(folder, true)).length > 0) holding.push(folder);
  }
  if (holding.length <= 1) return holding[0];
  throw new TrainerError(
    'bad-data',
    `${root} has several derivatives with label maps: ${holding.map((one) => relative(root, one)).join(', ')}; name one with --labels`,
    { file: root },
  );
}

/** Names of the classes: the first `…dseg.tsv` of the derivative with the columns index and name. */
async function namedClasses(
  derivative: string | undefined,
): Promise<readonly DescribedClass[] | undefined> {
  if (derivative === undefined) return undefined;
  for (const folder of await foldersBelow(derivative, DEPTH + 1)) {
    for (const name of (await listNames(folder)).files) {
      if (!/dseg\.tsv$/.test(name)) continue;
      const [header, ...rows] = parseCsv(decodeText(await readFile(join(folder, name))));
      const [index, title] = [header.indexOf('index'), header.indexOf('name')];
      if (index < 0 || title < 0) continue;
      return rows.map((row) => ({ name: row[title], values: [Number(row[index])] }));
    }
  }
  return undefined;
}

function twoFiles(a: BidsFile, b: BidsFile): TrainerError {
  return new TrainerError('bad-data', `${a.path} and ${b.path} are the same channel of one case`, {
    file: a.path,
  });
}
