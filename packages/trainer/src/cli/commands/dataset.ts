import type { Command } from 'commander';
import type { LayoutName } from '../../data/layouts/api.js';
import { datasetText } from '../dataset-text.js';
import { layoutOption } from '../images-flag.js';

interface DatasetFlags {
  readonly labels?: string;
  readonly layout: LayoutName | 'auto';
  readonly voxels: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function addDataset(program: Command): void {
  program
    .command('dataset')
    .description('Say how a dataset is understood, and check every case of it')
    .argument('<path>', 'folder, or the json or csv that describes it')
    .option('--labels <path>', "folder of label volumes (default: the dataset's own)")
    .addOption(layoutOption())
    .option('--no-voxels', 'read headers only')
    .option('--quiet', 'show only the result')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nThe exit status is 1 when there are errors.')
    .action(async (path: string, flags: DatasetFlags) => {
      const { dataset } = await import('../../api/dataset.js');
      const { json, quiet, ...opts } = flags;
      const shows = !quiet && process.stderr.isTTY;
      const report = await dataset(path, {
        ...opts,
        onCase: ({ done, total }) => {
          if (shows) process.stderr.write(`\r${done}/${total}${done === total ? '\r\x1b[K' : ''}`);
        },
      });
      process.stdout.write(`${json ? JSON.stringify(report, null, 2) : datasetText(report)}\n`);
      if (report.findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
    });
}
