import type { Command } from 'commander';
import type { VolumeSummary } from '../../api/info.js';
import { shortNumber } from '../../report/ticks.js';

interface InfoFlags {
  readonly json?: boolean;
  readonly range: boolean;
}

export function addInfo(program: Command): void {
  program
    .command('info')
    .description(
      'Show shape, type, spacing, orientation and values of a volume, or of all in a folder',
    )
    .argument('<path>', 'file or folder')
    .option('--json', 'print JSON')
    .option('--no-range', 'do not read the voxels')
    .action(async (path: string, flags: InfoFlags) => {
      const { info } = await import('../../api/info.js');
      const volumes = await info(path, { range: flags.range });
      const text = flags.json
        ? JSON.stringify(volumes, null, 2)
        : volumes.map(describe).join('\n\n');
      process.stdout.write(`${text}\n`);
      if (volumes.every((volume) => volume.error !== undefined)) process.exitCode = 1;
    });
}

function describe(volume: VolumeSummary): string {
  const lines = [volume.path];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') lines.push(`  ${name.padEnd(12)}${value}`);
  };
  if (volume.error !== undefined) {
    add('cannot read', volume.error.replace(`${volume.path}: `, ''));
    return lines.join('\n');
  }
  const many = volume.volumes === undefined ? '' : ` × ${volume.volumes} volumes`;
  const parts = volume.components === undefined ? '' : ` × ${volume.components} values`;
  add('shape', `${volume.shape?.join(' × ')}${many}${parts}`);
  add('type', `${volume.dtype} (${volume.format})`);
  add('spacing', `${volume.spacing?.map(shortNumber).join(' × ')} mm`);
  add('orientation', volume.orientation);
  if (volume.range) {
    const { min, max, mean, nonFinite } = volume.range;
    const broken = nonFinite > 0 ? `, ${nonFinite} voxels are NaN or infinite` : '';
    add('values', `${shortNumber(min)} … ${shortNumber(max)}, mean ${shortNumber(mean)}${broken}`);
  }
  add('modality', volume.modality);
  add('series', volume.series);
  if (volume.files !== undefined) add('files', String(volume.files));
  add('description', volume.description);
  for (const note of volume.notes ?? []) add('note', note);
  return lines.join('\n');
}
