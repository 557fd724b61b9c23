import type { OpenVolumeOpts } from '../../api.js';
import type { ByteSource } from '../../bytes/api.js';
import { ZipFolder } from '../../bytes/zip-folder.js';
import { VolumeIoError } from '../../errors.js';
import type { ParsedVolume } from '../../voxels/voxel-plan.js';
import type { FormatReader } from '../common/api.js';
import { planReader } from '../common/plan-reader.js';
import { parseNpy } from './parse.js';

/** numpy's .npz: `series` chooses the array, by name or by number, when there are several. */
export const npzReader: FormatReader = planReader(parseNpz);

async function parseNpz(source: ByteSource, opts: OpenVolumeOpts): Promise<ParsedVolume> {
  const zip = await ZipFolder.open(source);
  const names = (await zip.list()).names.filter((name) => name.endsWith('.npy'));
  const chosen = chooseArray(names, opts.series, source.name);
  return parseNpy(await zip.open(chosen), 'npz');
}

function chooseArray(
  names: readonly string[],
  wanted: string | number | undefined,
  file: string,
): string {
  const list = names.map((name) => name.replace(/\.npy$/, '')).join(', ');
  if (names.length === 0) {
    throw new VolumeIoError('empty', 'holds no array', { file });
  }
  if (wanted === undefined) {
    if (names.length === 1) return names[0];
    throw new VolumeIoError(
      'series-required',
      `holds several arrays; choose one with series: ${list}`,
      {
        file,
      },
    );
  }
  const found =
    typeof wanted === 'number'
      ? names[wanted]
      : names.find((name) => name === wanted || name === `${wanted}.npy`);
  if (found !== undefined) return found;
  throw new VolumeIoError(
    'bad-argument',
    `holds no array ${JSON.stringify(wanted)}; there are: ${list}`,
    {
      file,
    },
  );
}
