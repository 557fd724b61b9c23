import type { ScalarType } from '@genesis/volume-io';
import { type Command, Option } from 'commander';
import { parseCount, parseNumberOrText, parseTriple } from '../flags.js';

interface ConvertFlags {
  readonly input: string;
  readonly out: string;
  readonly series?: string | number;
  readonly volume?: number;
  readonly component?: number | string;
  readonly dtype?: ScalarType;
  readonly orientation?: string;
  readonly spacing?: [number, number, number];
}

const TYPES = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];

export function addConvert(program: Command): void {
  program
    .command('convert')
    .description('Write any readable volume or DICOM series in another format, geometry kept')
    .requiredOption('--input <path>', 'file, or folder of a DICOM series')
    .requiredOption('--out <file>', '.nii, .nii.gz, .mha, .nrrd or .npy')
    .option('--series <uid|n>', 'which series of several', parseNumberOrText)
    .option('--volume <n>', 'which volume of a 4-D file, from 0', parseCount)
    .option('--component <n|luminance>', 'which value of colour voxels', parseNumberOrText)
    .addOption(new Option('--dtype <type>', 'type of the voxels').choices(TYPES))
    .option('--orientation <code>', 'turn the axes, e.g. RAS')
    .option('--spacing <x,y,z>', 'resample to this voxel size in mm', parseTriple)
    .action(async (flags: ConvertFlags) => {
      const { convert } = await import('../../api/convert.js');
      const { input, out, volume: volumeIndex, component, ...rest } = flags;
      const volume = await convert({
        input,
        out,
        ...rest,
        ...(volumeIndex === undefined ? {} : { volumeIndex }),
        ...(component === undefined ? {} : { component: component as number | 'luminance' }),
      });
      for (const note of volume.header.notes) process.stderr.write(`note: ${note}\n`);
      process.stdout.write(
        `${out}: ${volume.data.shape.join(' × ')} ${volume.data.dtype}, ${volume.spacing.map((mm) => Number(mm.toPrecision(5))).join(' × ')} mm, ${volume.orientation}\n`,
      );
    });
}
