import type { Command } from 'commander';
import type { VolumeSummary } from '../../api/info.js';
import { plural } from '../../report/plural.js';
import { formatTable } from '../../report/text-table.js';
import { shortNumber } from '../../report/ticks.js';

interface InfoFlags {
  readonly json?: boolean;
  readonly details?: boolean;
  readonly range: boolean;
}

export function addInfo(program: Command): void {
  program
    .command('info')
    .description(
      'Show shape, type, spacing, orientation and values of a volume, or of all in a folder',
    )
    .argument('<path>', 'file or folder')
    .option('--details', 'describe each volume of a folder by itself')
    .option('--json', 'print JSON')
    .option('--no-range', 'do not read the voxels')
    .action(async (path: string, flags: InfoFlags) => {
      const { info } = await import('../../api/info.js');
      const volumes = await info(path, { range: flags.range });
      const text = flags.json
        ? JSON.stringify(volumes, null, 2)
        : volumes.length > 1 && !flags.details
          ? overview(path, volumes)
          : volumes.map(describe).join('\n\n');
      process.stdout.write(`${text}\n`);
      if (volumes.every((volume) => volume.error !== undefined)) process.exitCode = 1;
    });
}

/** A folder as a summary and a table; what cannot be read and what was noted follows. */
function overview(path: string, volumes: readonly VolumeSummary[]): string {
  const usable = volumes.filter(({ error }) => error === undefined);
  const formats = new Map<string, number>();
  for (const { format } of usable) formats.set(format, (formats.get(format) ?? 0) + 1);
  const kinds = [...formats].map(([format, count]) => `${count} ${format}`).join(', ');
  const broken = volumes.length - usable.length;
  const table = formatTable(
    ['name', 'no', 'shape', 'mm', 'axes', 'type', 'values'],
    volumes.flatMap((volume, n) => {
      if (volume.error !== undefined) return [];
      const { name, shape, spacing, orientation, dtype, range } = volume;
      return [
        [
          name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name,
          String(n),
          `${shape?.join('×')}${volume.volumes === undefined ? '' : ` ×${volume.volumes}`}`,
          spacing?.map((mm) => Number(mm.toPrecision(3))).join('×') ?? '',
          orientation ?? '',
          dtype ?? '',
          range ? `${shortNumber(range.min)}…${shortNumber(range.max)}` : '',
        ],
      ];
    }),
  );
  const remarks = volumes.flatMap(({ path: file, error, notes = [] }) =>
    (error === undefined ? notes : [error.replace(`${file}: `, '')]).map(
      (text) => `${file}: ${text}`,
    ),
  );
  const failed = broken > 0 ? `; ${plural(broken, 'file')} cannot be read` : '';
  const head = `${path}: ${plural(usable.length, 'volume')} (${kinds})${failed}`;
  return [
    head,
    ...(usable.length > 0 ? ['', table] : []),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ].join('\n');
}

/** Letters of a name in the table. */
const LONGEST = 24;

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
