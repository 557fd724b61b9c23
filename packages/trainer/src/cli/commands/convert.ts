import type { ScalarType } from '@genesis/volume-io';
import { type Command, Option } from 'commander';
import { parseComponent, parseCount, parseNumberOrText, parseTriple } from '../flags.js';
import { addImagesFlag, type ImagesFlags } from '../images-flag.js';

interface ConvertFlags extends ImagesFlags {
  readonly out: string;
  readonly series?: string | number;
  readonly volume?: number;
  readonly component?: number | 'luminance';
  readonly dtype?: ScalarType;
  readonly straighten?: boolean;
  readonly orientation?: string;
  readonly spacing?: [number, number, number];
  readonly interpolation: 'auto' | 'linear' | 'nearest';
}

const TYPES = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];

export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .description('Write any readable volume or DICOM series in another format, geometry kept');
  addImagesFlag(command, 'a volume file, or the folder of a DICOM series')
    .requiredOption('--out <file>', '.nii, .nii.gz, .mha, .nrrd or .npy')
    .option('--series <uid|n>', 'which series of several', parseNumberOrText)
    .option('--volume <n>', 'which volume of a 4-D file, from 0', parseCount)
    .option('--component <n|luminance>', 'which value of colour voxels', parseComponent)
    .addOption(new Option('--dtype <type>', 'type of the voxels').choices(TYPES))
    .option('--straighten', 'resample a scan with a tilted gantry to axes at right angles')
    .option('--orientation <code>', 'turn the axes, e.g. RAS')
    .option('--spacing <x,y,z>', 'resample to this voxel size in mm', parseTriple)
    .addOption(
      new Option(
        '--interpolation <kind>',
        'how; auto: nearest for what looks like a label map, else linear',
      )
        .choices(['auto', 'linear', 'nearest'])
        .default('auto'),
    )
    .action(async (flags: ConvertFlags) => {
      const { convert } = await import('../../api/convert.js');
      const { volume: volumeIndex, ...rest } = flags;
      const volume = await convert({ ...rest, volumeIndex });
      for (const note of volume.header.notes) process.stderr.write(`note: ${note}\n`);
      process.stdout.write(
        `${flags.out}: ${volume.data.shape.join(' × ')} ${volume.data.dtype}, ${volume.spacing.map((mm) => Number(mm.toPrecision(5))).join(' × ')} mm, ${volume.orientation}\n`,
      );
    });
}
