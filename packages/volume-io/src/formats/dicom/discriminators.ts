import type { DataSet } from './dataset.js';
import { sequenceItems } from './parse.js';
import { Tag } from './tags.js';

/** Where a value of a frame stands: in its functional groups, else in the data set itself. */
export type Lookup = (group: number, tag: number) => { ds: DataSet; tag: number };

/**
 * How much a difference says. 'image': never within one volume, of which it says what it shows. 'run': a run of the
 * scanner, of which a volume may take several. 'time': of each slice by itself, with some scanners.
 */
export type Weight = 'image' | 'run' | 'time';

/** Something by which images of one series can be told apart. */
export interface Discriminator {
  /** For people. */
  readonly name: string;
  readonly unit?: string;
  readonly weight: Weight;
  /** Undefined where the frame does not say. */
  readonly read: (frame: DiscriminatedFrame) => string | undefined;
}

/** What discriminators are read from. */
export interface DiscriminatedFrame {
  readonly ds: DataSet;
  readonly lookup: Lookup;
  /** Frames in the file. */
  readonly frames: number;
  /** Folder of the file and its name. */
  readonly folder: string;
  readonly file: string;
}

type Binary = 'US' | 'UL' | 'FD';

/** Numbers as text, rounded to what scanners mean. */
function numbers(group: number, tag: number, binary?: Binary): Discriminator['read'] {
  return ({ lookup }) => {
    const found = lookup(group, tag);
    return rounded(found.ds.numbers(found.tag, binary));
  };
}

function rounded(values: readonly number[]): string | undefined {
  return values.map((v) => String(Number(v.toPrecision(6)))).join('\\') || undefined;
}

function text(group: number, tag: number): Discriminator['read'] {
  return ({ lookup }) => {
    const found = lookup(group, tag);
    return found.ds.string(found.tag);
  };
}

function first(...ways: readonly Discriminator['read'][]): Discriminator['read'] {
  return (frame) => {
    for (const way of ways) {
      const value = way(frame);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** A private element, which counts only under its maker's mark. */
function privateNumber(creator: number, maker: RegExp, tag: number): Discriminator['read'] {
  return ({ ds }) => {
    if (!maker.test(ds.string(creator) ?? '')) return undefined;
    const value = ds.numbers(tag, 'FD')[0];
    return value !== undefined && Number.isFinite(value) ? rounded([value]) : undefined;
  };
}

function gradient({ ds, lookup }: DiscriminatedFrame): string | undefined {
  const sequence = lookup(Tag.MrDiffusionSequence, Tag.MrDiffusionGradientDirectionSequence);
  const item = sequenceItems(sequence.ds, sequence.tag)[0] ?? ds;
  const siemens = /^SIEMENS MR/.test(ds.string(Tag.SiemensCreator) ?? '');
  return (
    rounded(item.numbers(Tag.DiffusionGradientOrientation, 'FD')) ??
    (siemens ? rounded(ds.numbers(Tag.SiemensDiffusionDirection, 'FD')) : undefined)
  );
}

function moment(date: number, time: number): Discriminator['read'] {
  return ({ ds }) => {
    const at = ds.string(time);
    return at === undefined ? undefined : `${ds.string(date) ?? ''} ${at}`.trim();
  };
}

/** Indices of a multi-frame file's own dimensions, but not that of the place. */
function dimensions({ ds, lookup }: DiscriminatedFrame): string | undefined {
  const found = lookup(Tag.FrameContentSequence, Tag.DimensionIndexValues);
  const values = found.ds.numbers(found.tag, 'UL');
  if (values.length === 0) return undefined;
  const pointers = sequenceItems(ds, Tag.DimensionIndexSequence).map((item) => {
    const [group, element] = item.numbers(Tag.DimensionIndexPointer, 'US');
    return ((group ?? 0) << 16) | (element ?? 0);
  });
  return values.filter((_, n) => !PLACES.has(pointers[n])).join('\\') || undefined;
}

const PLACES: ReadonlySet<number | undefined> = new Set<number>([
  Tag.ImagePositionPatient,
  Tag.InStackPositionNumber,
]);

/** Attributes that tell images at one place, or stacks in one another, apart: the most telling first. */
export const DISCRIMINATORS: readonly Discriminator[] = [
  {
    name: 'temporal position',
    weight: 'image',
    read: first(
      numbers(Tag.FrameContentSequence, Tag.TemporalPositionIndex, 'UL'),
      numbers(0, Tag.TemporalPositionIdentifier),
    ),
  },
  {
    name: 'b-value',
    weight: 'image',
    read: first(
      numbers(Tag.MrDiffusionSequence, Tag.DiffusionBValue, 'FD'),
      privateNumber(Tag.SiemensCreator, /^SIEMENS MR/, Tag.SiemensBValue),
      privateNumber(Tag.GeCreator, /^GEMS_PARM/, Tag.GeBValue),
      privateNumber(Tag.PhilipsCreator, /^Philips/i, Tag.PhilipsBValue),
    ),
  },
  { name: 'gradient direction', weight: 'image', read: gradient },
  {
    name: 'segment',
    weight: 'image',
    read: numbers(Tag.SegmentIdentificationSequence, Tag.ReferencedSegmentNumber, 'US'),
  },
  {
    name: 'echo time',
    unit: 'ms',
    weight: 'image',
    read: first(numbers(Tag.MrEchoSequence, Tag.EffectiveEchoTime, 'FD'), numbers(0, Tag.EchoTime)),
  },
  { name: 'echo number', weight: 'image', read: numbers(0, Tag.EchoNumbers) },
  {
    name: 'cardiac phase',
    unit: '%',
    weight: 'image',
    read: numbers(Tag.CardiacSynchronizationSequence, Tag.NominalPercentageOfCardiacPhase, 'FD'),
  },
  {
    name: 'trigger time',
    unit: 'ms',
    weight: 'run',
    read: first(
      numbers(Tag.CardiacSynchronizationSequence, Tag.NominalCardiacTriggerDelayTime, 'FD'),
      numbers(0, Tag.TriggerTime),
    ),
  },
  { name: 'acquisition', weight: 'run', read: numbers(0, Tag.AcquisitionNumber) },
  { name: 'stack', weight: 'image', read: text(Tag.FrameContentSequence, Tag.StackID) },
  {
    name: 'kernel',
    weight: 'image',
    read: text(Tag.CtReconstructionSequence, Tag.ConvolutionKernel),
  },
  { name: 'image type', weight: 'image', read: text(0, Tag.ImageType) },
  {
    name: 'frame type',
    weight: 'image',
    read: first(
      text(Tag.MrImageFrameTypeSequence, Tag.FrameType),
      text(Tag.CtImageFrameTypeSequence, Tag.FrameType),
    ),
  },
  {
    name: 'complex component',
    weight: 'image',
    read: text(Tag.MrImageFrameTypeSequence, Tag.ComplexImageComponent),
  },
  {
    name: 'inversion time',
    unit: 'ms',
    weight: 'image',
    read: first(numbers(0, Tag.InversionTimes, 'FD'), numbers(0, Tag.InversionTime)),
  },
  { name: 'flip angle', unit: '°', weight: 'image', read: numbers(0, Tag.FlipAngle) },
  { name: 'tube voltage', unit: 'kV', weight: 'image', read: numbers(0, Tag.Kvp) },
  {
    name: 'slice thickness',
    unit: 'mm',
    weight: 'image',
    read: numbers(Tag.PixelMeasuresSequence, Tag.SliceThickness),
  },
  { name: 'contrast agent', weight: 'image', read: text(0, Tag.ContrastBolusAgent) },
  // One series cannot have several of these, unless their identifiers were lost on the way.
  { name: 'series number', weight: 'image', read: numbers(0, Tag.SeriesNumber) },
  { name: 'description', weight: 'image', read: text(0, Tag.SeriesDescription) },
  { name: 'patient', weight: 'image', read: text(0, Tag.PatientID) },
  { name: 'study', weight: 'image', read: text(0, Tag.StudyInstanceUID) },
  { name: 'frame of reference', weight: 'image', read: text(0, Tag.FrameOfReferenceUID) },
  { name: 'dimension index', weight: 'image', read: dimensions },
  {
    name: 'multi-frame image',
    weight: 'image',
    read: ({ ds, frames, file }) =>
      frames > 1 ? (rounded(ds.numbers(Tag.InstanceNumber)) ?? file) : undefined,
  },
  {
    name: 'reference time',
    unit: 'ms',
    weight: 'time',
    read: numbers(0, Tag.FrameReferenceTime),
  },
  {
    name: 'acquisition time',
    weight: 'time',
    read: first(text(0, Tag.AcquisitionDateTime), moment(Tag.AcquisitionDate, Tag.AcquisitionTime)),
  },
  { name: 'content time', weight: 'time', read: moment(Tag.ContentDate, Tag.ContentTime) },
  { name: 'folder', weight: 'image', read: ({ folder }) => folder },
];

/** 'echo time 10 ms' */
export function describeValue({ name, unit }: Discriminator, value: string | undefined): string {
  if (value === undefined) return `no ${name}`;
  return [name, value === '' ? '—' : value, unit].filter((part) => part !== undefined).join(' ');
}
