import type { ScalarType, Volume } from '@genesis/volume-io';
import { type Command, Option } from 'commander';
import type { ConvertFormat } from '../../api/convert-folder.js';
import { isVolumeFolder } from '../../data/output-paths.js';
import { TrainerError } from '../../errors.js';
import { plural } from '../../plural.js';
import { parseComponent, parseCount, parseNumberOrText, parseTriple } from '../flags.js';
import { addImagesFlag, type ImagesFlags } from '../images-flag.js';
import { showWarning } from './predict.js';

interface ConvertFlags extends ImagesFlags {
  readonly out: string;
  readonly format?: ConvertFormat;
  readonly series?: string | number;
  readonly volume?: number;
  readonly component?: number | 'luminance';
  readonly dtype?: ScalarType;
  readonly straighten?: boolean;
  readonly orientation?: string;
  readonly spacing?: [number, number, number];
  readonly interpolation: 'auto' | 'linear' | 'nearest';
  readonly strict?: boolean;
  readonly quiet?: boolean;
}

const TYPES = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'];

const EXAMPLES = [
  'genesis convert scan.nrrd --out scan.nii.gz',
  'genesis info dicom                                   # numbers the series',
  'genesis convert dicom --series 2 --out chest.nii.gz',
  'genesis convert dicom --out volumes                  # all of them',
];

export function addConvert(program: Command): void {
  const command = program
    .command('convert')
    .description(
      'Write any readable volume or DICOM series in another format, geometry kept; or all those of a folder into another folder',
    )
    .argument('[path]', 'short for --images <path>');
  addImagesFlag(command, 'a volume file, the folder of a DICOM series, or a folder of many')
    .requiredOption('--out <path>', '.nii, .nii.gz, .mha, .mhd, .nrrd or .npy, or a folder')
    .addOption(
      new Option('--format <extension>', 'of the files in a folder (default: nii.gz)').choices([
        'nii.gz',
        'nii',
        'mha',
        'nrrd',
        'npy',
      ]),
    )
    .option(
      '--series <n|uid|name>',
      'one of several: its number in the table of genesis info, its UID, its description or name',
      parseNumberOrText,
    )
    .option('--volume <n>', 'which volume of a 4-D file, from 0', parseCount)
    .option('--component <n|luminance>', 'which value of colour voxels', parseComponent)
    .addOption(new Option('--dtype <type>', 'type of the voxels').choices(TYPES))
    .option('--straighten', 'resample a scan with a tilted gantry to axes at right angles')
    .option('--orientation <code>', 'turn the axes, e.g. RAS')
    .option('--spacing <x,y,z>', 'resample to this voxel size in mm', parseTriple)
    .addOption(
      new Option(
        '--interpolation <kind>',
        'of --spacing and --straighten; auto: nearest for what looks like a label map, else linear',
      )
        .choices(['auto', 'linear', 'nearest'])
        .default('auto'),
    )
    .option('--strict', 'stop at a volume that cannot be converted, instead of leaving it out')
    .option('--quiet', 'show only warnings and the result')
    .addHelpText('after', `\nExamples:\n${EXAMPLES.map((line) => `  ${line}`).join('\n')}`)
    .action(async (path: string | undefined, flags: ConvertFlags) => {
      if (path !== undefined && flags.images !== undefined) {
        throw new TrainerError(
          'bad-config',
          "option 'images' is given twice, once without its name",
        );
      }
      const images = path ?? flags.images;
      const all = { ...flags, images, volumeIndex: flags.volume };
      await ((await isVolumeFolder(flags.out)) ? convertAll(all) : convertOne(all));
    });
}

type Chosen = ConvertFlags & { readonly volumeIndex?: number };

async function convertOne(flags: Chosen): Promise<void> {
  if (flags.format !== undefined) {
    throw new TrainerError(
      'bad-config',
      `option 'format' is for a folder as --out; the extension of ${flags.out} says the format`,
    );
  }
  const { convert } = await import('../../api/convert.js');
  const volume = await convert(flags);
  for (const note of volume.header.notes) process.stderr.write(`note: ${note}\n`);
  process.stdout.write(`${describe(flags.out, volume)}\n`);
}

async function convertAll(flags: Chosen): Promise<void> {
  const { convertFolder } = await import('../../api/convert-folder.js');
  // Between the lines of a long folder they would be overlooked.
  const warnings = new Set<string>();
  try {
    const done = await convertFolder({
      ...flags,
      onWarning: (text) => warnings.add(text),
      onCase: ({ path, volume, done, total }) => {
        if (flags.quiet || path === undefined || volume === undefined) return;
        process.stderr.write(`${done}/${total} ${describe(path, volume)}\n`);
      },
    });
    process.stdout.write(`${plural(done.length, 'volume')} converted: ${flags.out}\n`);
  } finally {
    for (const text of warnings) showWarning(text);
  }
}

/** 'a.nii.gz: 512 × 512 × 80 int16, 0.7 × 0.7 × 5 mm, LPS' */
function describe(path: string, { data, spacing, orientation }: Volume): string {
  const mm = spacing.map((one) => Number(one.toPrecision(5))).join(' × ');
  return `${path}: ${data.shape.join(' × ')} ${data.dtype}, ${mm} mm, ${orientation}`;
}
