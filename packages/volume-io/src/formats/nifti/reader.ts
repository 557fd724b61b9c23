import type { VolumeHeader } from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { baseName } from '../../bytes/names.js';
import { type Payload, unpackedHead, wholeFile } from '../../bytes/payload.js';
import { VolumeIoError } from '../../errors.js';
import { isUsableAffine } from '../../geometry/usable-affine.js';
import { worldGeometry } from '../../geometry/world-geometry.js';
import type { StoredType } from '../../voxels/stored-type.js';
import type { ParsedVolume, VoxelPlan } from '../../voxels/voxel-plan.js';
import type { FormatReader } from '../common/api.js';
import { planReader } from '../common/plan-reader.js';
import { HEADER_BYTES, type NiftiFields, niftiKind, readFields } from './fields.js';
import { niftiHeader } from './header.js';
import { parseSpmMat } from './spm-mat.js';

/** NIfTI-1, NIfTI-2 and Analyze 7.5, in one file or two, gzipped or not. */
export const niftiReader: FormatReader = planReader(parseNifti);

/** SPM's .mat files hold one or two small matrices. */
const MAT_LIMIT = 65536;

type Part = 'header' | 'image' | 'single';

async function parseNifti(source: ByteSource): Promise<ParsedVolume> {
  const part = partOf(source.name);
  const headerSource = part === 'image' ? await companion(source, 'hdr') : source;
  try {
    const payload = await wholeFile(headerSource);
    const file = headerSource.name;
    const head = await unpackedHead(payload, HEADER_BYTES.nifti2);
    const format = niftiKind(head, part !== 'single');
    if (!format) {
      throw new VolumeIoError(
        head.byteLength < 348 ? 'truncated' : 'corrupt',
        'has no complete NIfTI or Analyze header',
        { file },
      );
    }
    const fields = readFields(head, format, file);
    const { header, type } = niftiHeader(fields, file);
    if (format === 'analyze') await applySpmMat(source, header);
    return { header, plan: () => niftiPlan(source, part, fields, header, type) };
  } finally {
    if (headerSource !== source) await headerSource.close();
  }
}

async function niftiPlan(
  source: ByteSource,
  part: Part,
  fields: NiftiFields,
  header: VolumeHeader,
  type: StoredType | undefined,
): Promise<VoxelPlan> {
  const file = source.name;
  if (!type) {
    throw new VolumeIoError('unsupported', `holds ${header.dtype} voxels, which cannot be read`, {
      file,
    });
  }
  let offset = Math.floor(fields.voxOffset);
  if (!(offset >= 0 && Number.isSafeInteger(offset))) {
    throw new VolumeIoError('corrupt', `says that its voxels start at byte ${fields.voxOffset}`, {
      file,
    });
  }
  const payload = await voxelFile(source, part, fields);
  const sameFile = part !== 'image' && payload.source === source;
  const notes: string[] = [];
  // Voxels may follow the header without the four bytes that announce extensions, when the header says so.
  const smallest = HEADER_BYTES[fields.format];
  if (sameFile && offset < smallest - 4) {
    notes.push(
      `It says that its voxels start at byte ${offset}, inside the header; ${smallest} was used.`,
    );
    offset = smallest;
  }
  return {
    payload,
    offset,
    type,
    byteOrder: header.byteOrder,
    shape: header.shape,
    order: 'ijk',
    volumes: header.volumes,
    components: header.components,
    componentStride: 1,
    slope: header.slope,
    inter: header.inter,
    notes,
  };
}

async function voxelFile(source: ByteSource, part: Part, fields: NiftiFields): Promise<Payload> {
  if (part === 'header') return wholeFile(await companion(source, 'img'));
  if (part === 'single' && !fields.single) {
    // Marked as half of a pair, but named as a single file: believed when the other half is there.
    const image = await findCompanion(source, 'img');
    if (image) return wholeFile(image);
  }
  return wholeFile(source);
}

/** SPM's affine beside an Analyze image wins over the header's, as in nibabel. */
async function applySpmMat(source: ByteSource, header: VolumeHeader): Promise<void> {
  const mat = await findCompanion(source, 'mat');
  if (!mat) return;
  try {
    const bytes = await unpackedHead(await wholeFile(mat), MAT_LIMIT);
    const affine = parseSpmMat(bytes);
    if (!affine || !isUsableAffine(affine)) {
      header.notes.push('The .mat file beside it holds no affine that could be read.');
      return;
    }
    header.notes = ['Its affine is that of the .mat file beside it.'];
    Object.assign(header, worldGeometry(affine));
  } finally {
    await mat.close();
  }
}

function partOf(name: string): Part {
  const match = /\.(hdr|img)(\.gz)?$/i.exec(name);
  if (!match) return 'single';
  return match[1].toLowerCase() === 'hdr' ? 'header' : 'image';
}

async function companion(source: ByteSource, extension: 'hdr' | 'img'): Promise<ByteSource> {
  const found = await findCompanion(source, extension);
  if (found) return found;
  throw new VolumeIoError(
    'companion-missing',
    `is half of a pair, and the .${extension} file beside it is missing`,
    { file: source.name },
  );
}

async function findCompanion(
  source: ByteSource,
  extension: 'hdr' | 'img' | 'mat',
): Promise<ByteSource | undefined> {
  const own = baseName(source.name);
  const stem = own.replace(/\.(hdr|img|nii)(\.gz)?$/i, '');
  const upper = /\.(HDR|IMG|NII)(\.GZ)?$/.test(own);
  const plain = upper ? extension.toUpperCase() : extension;
  const packed = `${plain}.${upper ? 'GZ' : 'gz'}`;
  const order = /\.gz$/i.test(own) ? [packed, plain] : [plain, packed];
  for (const ending of order) {
    const found = await source.sibling(`${stem}.${ending}`, { followLinks: true });
    if (found) return found;
  }
  return undefined;
}
