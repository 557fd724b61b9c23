import { type Command, Option } from 'commander';
import { type ExportFormat, exportFormatNames } from '../../export/formats.js';
import { plural } from '../../plural.js';
import { showNote } from './predict.js';

interface ExportFlags {
  readonly format: ExportFormat;
  readonly out: string;
  readonly half?: boolean;
  readonly overwrite?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('Write a trained network for other programs: ONNX, PyTorch, MONAI, TensorFlow.js')
    .argument('<model>', 'folder of a run, its weight file, or zoo:NAME')
    .addOption(
      new Option('--format <name>', 'of the weights; bundle is one of MONAI')
        .choices(exportFormatNames)
        .default('onnx'),
    )
    .requiredOption('--out <dir>', 'folder')
    .option('--half', 'halves: onnx computes in them, others keep kernels so')
    .option('--overwrite', 'replace files that are there already')
    .option('--quiet', 'show only the result')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  genesis export runs/seg --out seg-onnx
  python seg-onnx/predict.py scan.nii.gz labels.nii.gz
  genesis export runs/seg --format bundle --out seg-bundle`,
    )
    .action(async (model: string, { quiet, json, ...flags }: ExportFlags) => {
      const { exportModel } = await import('../../api/export-model.js');
      const paths = await exportModel({ ...flags, model, onNote: quiet ? undefined : showNote });
      process.stdout.write(
        json
          ? `${JSON.stringify(paths)}\n`
          : `${plural(paths.length, 'file')} written: ${paths.join(', ')}\n`,
      );
    });
}
