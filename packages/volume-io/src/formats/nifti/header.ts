import type { Vec3 } from '@genesis/core';
import type { VolumeHeader } from '../../api.js';
import { VolumeIoError } from '../../errors.js';
import { worldGeometry } from '../../geometry/world-geometry.js';
import type { StoredType } from '../../voxels/stored-type.js';
import type { NiftiFields } from './fields.js';
import { niftiAffine } from './geometry.js';

interface Datatype {
  name: string;
  type?: StoredType;
  components?: number;
}

/** Datatype codes of nifti1.h. Those without `type` are recognised and refused. */
export const DATATYPES: Readonly<Record<number, Datatype>> = {
  1: { name: 'bitmap' },
  2: { name: 'uint8', type: 'uint8' },
  4: { name: 'int16', type: 'int16' },
  8: { name: 'int32', type: 'int32' },
  16: { name: 'float32', type: 'float32' },
  32: { name: 'complex64' },
  64: { name: 'float64', type: 'float64' },
  128: { name: 'rgb24', type: 'uint8', components: 3 },
  256: { name: 'int8', type: 'int8' },
  512: { name: 'uint16', type: 'uint16' },
  768: { name: 'uint32', type: 'uint32' },
  1024: { name: 'int64', type: 'int64' },
  1280: { name: 'uint64', type: 'uint64' },
  1536: { name: 'float128' },
  1792: { name: 'complex128' },
  2048: { name: 'complex256' },
  2304: { name: 'rgba32', type: 'uint8', components: 4 },
};

/** The header in this package's terms, and the stored type when it can be read. */
export function niftiHeader(
  fields: NiftiFields,
  file: string,
): { header: VolumeHeader; type: StoredType | undefined } {
  const datatype = DATATYPES[fields.datatype];
  if (!datatype) {
    throw new VolumeIoError('corrupt', `has the unknown data type code ${fields.datatype}`, {
      file,
    });
  }
  const notes: string[] = [];
  const dims = niftiDims(fields, notes, file);
  const shape: Vec3 = [dims[0], dims[1] ?? 1, dims[2] ?? 1];
  const affine = niftiAffine(fields, shape, notes);
  const components = datatype.components ?? 1;
  const { slope, inter } = components > 1 ? { slope: 1, inter: 0 } : niftiScaling(fields, notes);
  noteUnits(fields, notes);
  return {
    type: datatype.type,
    header: {
      format: fields.format,
      dtype: datatype.name,
      shape,
      dims,
      volumes: dims.slice(3).reduce((product, n) => product * n, 1),
      components,
      ...worldGeometry(affine),
      slope,
      inter,
      byteOrder: fields.little ? 'little' : 'big',
      description: fields.description,
      notes,
      fields: {
        dim: fields.dim,
        pixdim: fields.pixdim,
        datatype: fields.datatype,
        vox_offset: fields.voxOffset,
        scl_slope: fields.slope,
        scl_inter: fields.inter,
        qform_code: fields.qformCode,
        sform_code: fields.sformCode,
        quatern: fields.quaternion,
        qoffset: fields.qoffset,
        srow: fields.srow,
        xyzt_units: fields.xyztUnits,
        cal_min: fields.calMin,
        cal_max: fields.calMax,
        intent_code: fields.intentCode,
        intent_name: fields.intentName,
      },
    },
  };
}

function niftiDims(fields: NiftiFields, notes: string[], file: string): number[] {
  const count = fields.dim[0];
  if (!(count >= 1 && count <= 7)) {
    throw new VolumeIoError('corrupt', `has ${count} dimensions in its header, not 1 to 7`, {
      file,
    });
  }
  let dims = fields.dim.slice(1, count + 1);
  // FreeSurfer's way of keeping surfaces, whose vertices are too many for 16 bits.
  if (fields.format === 'nifti1' && count >= 3) {
    const first = dims.slice(0, 3).join();
    if (first === '-1,1,1') dims = [fields.glMin, 1, 1, ...dims.slice(3)];
    else if (first === '27307,1,6') dims = [163842, 1, 1, ...dims.slice(3)];
  }
  // Written for axes that are not in use; niftilib reads it so too.
  if (dims.indexOf(0, 1) > 0) {
    notes.push('It states axes of length 0; they were taken as 1.');
    dims = dims.map((n, axis) => (n === 0 && axis > 0 ? 1 : n));
  }
  const bad = dims.find((n) => !(n >= 1 && Number.isSafeInteger(n)));
  if (bad !== undefined) {
    throw new VolumeIoError(
      'corrupt',
      `has a dimension of ${bad} in its header (${dims.join('×')})`,
      {
        file,
      },
    );
  }
  return dims;
}

/** As nibabel: a slope of 0, NaN or infinity means no scaling. */
function niftiScaling(fields: NiftiFields, notes: string[]): { slope: number; inter: number } {
  const { slope, inter } = fields;
  const usable = Number.isFinite(slope) && slope !== 0;
  if (usable) {
    if (Number.isFinite(inter)) return { slope, inter };
    if (fields.format !== 'analyze') {
      notes.push('Its scl_inter is not finite and was taken as 0.');
    }
    return { slope, inter: 0 };
  }
  // SPM2's Analyze may say the scaling by the range of stored and of meant values.
  const stored = fields.glMax - fields.glMin;
  const meant = fields.calMax - fields.calMin;
  if (fields.format === 'analyze' && stored !== 0 && meant !== 0 && Number.isFinite(meant)) {
    const scale = meant / stored;
    return { slope: scale, inter: fields.calMin - scale * fields.glMin };
  }
  return { slope: 1, inter: 0 };
}

function noteUnits(fields: NiftiFields, notes: string[]): void {
  const unit = { 1: 'metres', 3: 'micrometres' }[fields.xyztUnits & 7];
  if (unit && fields.format !== 'analyze') {
    notes.push(`It states its lengths in ${unit}; the numbers are given as they stand.`);
  }
}
