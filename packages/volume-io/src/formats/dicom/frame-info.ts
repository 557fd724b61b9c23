import type { Vec3 } from '@genesis/core';
import { isUsableLength } from '../../geometry/usable-affine.js';
import { cross } from '../../geometry/vector.js';
import type { DataSet } from './dataset.js';
import { DISCRIMINATORS, type Lookup } from './discriminators.js';
import type { ImageAttributes } from './image-attributes.js';
import { sequenceItems } from './parse.js';
import { Tag } from './tags.js';

/** Direction cosines of a row (x index) and of a column (y index), in LPS. */
export type Orientation = readonly [number, number, number, number, number, number];

/** Where one frame lies and how its values are scaled. */
export interface FrameInfo {
  /** Centre of the first voxel, LPS mm. */
  readonly position?: Vec3;
  readonly orientation?: Orientation;
  /** mm between columns (along a row) and between rows. */
  readonly spacing?: readonly [number, number];
  /** mm to the next slice as far as a frame alone can tell: SpacingBetweenSlices, or else SliceThickness. */
  readonly gap?: number;
  readonly slope: number;
  readonly inter: number;
  readonly localizer: boolean;
  /** What tells images at one place apart: a value for each of DISCRIMINATORS. */
  readonly discriminators: readonly (string | undefined)[];
  /** Instance number, or the number of the frame in its file. */
  readonly order: number;
}

/** The geometry of each frame of the file `name`, from functional groups, frame offsets or the plain attributes. */
export function readFrameInfos(ds: DataSet, image: ImageAttributes, name: string): FrameInfo[] {
  const perFrame = sequenceItems(ds, Tag.PerFrameFunctionalGroupsSequence);
  const shared = sequenceItems(ds, Tag.SharedFunctionalGroupsSequence)[0];
  if (perFrame.length > 0 || shared) {
    return Array.from({ length: image.frames }, (_, n) =>
      frameInfo(ds, groupLookup(ds, perFrame[n], shared), n, image.frames, name),
    );
  }
  const plain: Lookup = (_, tag) => ({ ds, tag });
  const first = frameInfo(ds, plain, ds.number(Tag.InstanceNumber) ?? 0, image.frames, name);
  return image.frames === 1 ? [first] : plainFrames(ds, image, withDetector(ds, first));
}

/** Values of a functional group: of the frame, else shared, else of the data set itself. */
function groupLookup(ds: DataSet, frame: DataSet | undefined, shared: DataSet | undefined): Lookup {
  const cache = new Map<number, DataSet | undefined>();
  return (group, tag) => {
    if (!cache.has(group)) {
      const item =
        (frame && sequenceItems(frame, group)[0]) ?? (shared && sequenceItems(shared, group)[0]);
      cache.set(group, item);
    }
    const item = cache.get(group);
    return { ds: item?.elements.has(tag) ? item : ds, tag };
  };
}

function frameInfo(
  ds: DataSet,
  lookup: Lookup,
  order: number,
  frames: number,
  file: string,
): FrameInfo {
  const numbers = (group: number, tag: number): number[] => {
    const found = lookup(group, tag);
    return found.ds.numbers(found.tag);
  };
  const position = numbers(Tag.PlanePositionSequence, Tag.ImagePositionPatient);
  const orientation = numbers(Tag.PlaneOrientationSequence, Tag.ImageOrientationPatient);
  const spacing = pixelSpacing(ds, numbers(Tag.PixelMeasuresSequence, Tag.PixelSpacing));
  const thickness = positive(numbers(Tag.PixelMeasuresSequence, Tag.SliceThickness)[0]);
  const between = numbers(Tag.PixelMeasuresSequence, Tag.SpacingBetweenSlices)[0];
  const gap = positive(Math.abs(between ?? 0)) ?? thickness;
  const frame = { ds, lookup, frames, file, folder: folderOf(file) };
  const scaling = Tag.PixelValueTransformationSequence;
  const dose = ds.number(Tag.DoseGridScaling);
  return {
    ...(isFiniteTuple(position, 3) ? { position: position as Vec3 } : {}),
    ...(isOrientation(orientation) ? { orientation } : {}),
    spacing,
    gap,
    // A slope of zero would wipe the image out; writers that do not scale put it there.
    slope: finite(numbers(scaling, Tag.RescaleSlope)[0]) || finite(dose) || 1,
    inter: finite(numbers(scaling, Tag.RescaleIntercept)[0]) ?? 0,
    localizer: ds.strings(Tag.ImageType).includes('LOCALIZER'),
    discriminators: DISCRIMINATORS.map(({ read }) => read(frame)),
    order,
  };
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/'), file.lastIndexOf('\\')));
}

/** Nuclear medicine keeps position and orientation in its detector sequence. */
function withDetector(ds: DataSet, info: FrameInfo): FrameInfo {
  const detector = sequenceItems(ds, Tag.DetectorInformationSequence)[0];
  if (!detector) return info;
  const position = detector.numbers(Tag.ImagePositionPatient);
  const orientation = detector.numbers(Tag.ImageOrientationPatient);
  return {
    ...info,
    ...(!info.position && isFiniteTuple(position, 3) ? { position: position as Vec3 } : {}),
    ...(!info.orientation && isOrientation(orientation) ? { orientation } : {}),
  };
}

/** Frames without groups of their own: stepped along the normal by the offset vector, or else evenly. */
function plainFrames(ds: DataSet, image: ImageAttributes, first: FrameInfo): FrameInfo[] {
  const offsets = ds.numbers(Tag.GridFrameOffsetVector);
  const given = isFiniteTuple(offsets, image.frames);
  const between = finite(ds.number(Tag.SpacingBetweenSlices));
  const step = between !== undefined && between !== 0 ? between : (first.gap ?? 1);
  const axes = first.orientation ?? ([1, 0, 0, 0, 1, 0] as const);
  const normal = cross([axes[0], axes[1], axes[2]], [axes[3], axes[4], axes[5]]);
  const volumetric = first.position !== undefined && (given || first.gap !== undefined);
  return Array.from({ length: image.frames }, (_, n) => {
    const frame = { ...first, order: n };
    if (!volumetric) {
      delete frame.position;
      return frame;
    }
    // Offsets may count from the first plane or from the patient's origin; only their differences are used.
    const distance = given ? offsets[n] - offsets[0] : n * step;
    const position = first.position.map((p, axis) => p + distance * normal[axis]) as Vec3;
    return { ...frame, position };
  });
}

function pixelSpacing(ds: DataSet, own: number[]): [number, number] | undefined {
  const others = [Tag.ImagerPixelSpacing, Tag.NominalScannedPixelSpacing];
  for (const values of [own, ...others.map((tag) => ds.numbers(tag))]) {
    // DICOM gives the distance between rows first.
    const [between, along] = values;
    if (positive(between) && positive(along ?? between)) return [along ?? between, between];
  }
  return undefined;
}

function isOrientation(v: number[]): v is [number, number, number, number, number, number] {
  if (!isFiniteTuple(v, 6)) return false;
  const row = Math.hypot(v[0], v[1], v[2]);
  const column = Math.hypot(v[3], v[4], v[5]);
  const dot = v[0] * v[3] + v[1] * v[4] + v[2] * v[5];
  return Math.abs(row - 1) < 0.1 && Math.abs(column - 1) < 0.1 && Math.abs(dot) < 0.1;
}

const isFiniteTuple = (v: number[], length: number): boolean =>
  v.length === length && v.every(Number.isFinite);
const finite = (v: number | undefined): number | undefined =>
  v !== undefined && Number.isFinite(v) ? v : undefined;
const positive = (v: number | undefined): number | undefined =>
  v !== undefined && isUsableLength(v) ? v : undefined;
