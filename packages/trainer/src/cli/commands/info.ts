import type { Command } from 'commander';
import type { VolumeSummary } from '../../api/info.js';
import { withoutPath } from '../../data/without-path.js';
import { plural } from '../../plural.js';
import { formatTable } from '../../report/text-table.js';
import { shortNumber } from '../../report/ticks.js';
import { showNote } from './predict.js';

interface InfoFlags {
  readonly json?: boolean;
  readonly details?: boolean;
  readonly range: boolean;
}

export function addInfo(program: Command): void {
  program
    .command('info')
    .description(
      'Show shape, type, spacing, orientation and values of a volume, or of all in a folder; the card of a run, a weight file or zoo:NAME',
    )
    .argument('<path>', 'file or folder, or a model')
    .option('--details', 'describe each volume of a folder by itself')
    .option('--json', 'print JSON')
    .option('--no-range', 'do not read the voxels')
    .action(async (path: string, flags: InfoFlags) => {
      const { isModel } = await import('../../api/model-info.js');
      if (await isModel(path)) return showModel(path, flags);
      const { info } = await import('../../api/info.js');
      const found: string[] = [];
      const onNote = (note: string): void => void found.push(`${path}: ${note}`);
      const volumes = await info(path, { range: flags.range, onNote });
      if (flags.json) {
        // The list stands alone on stdout.
        for (const note of found) process.stderr.write(`note: ${note}\n`);
        process.stdout.write(`${JSON.stringify(volumes, null, 2)}\n`);
      } else {
        const text =
          volumes.length > 1 && !flags.details
            ? overview(path, volumes)
            : volumes.map((volume) => describe(volume, volumes.length > 1)).join('\n\n');
        process.stdout.write(`${[text, ...(found.length > 0 ? ['', ...found] : [])].join('\n')}\n`);
      }
      if (volumes.every((volume) => volume.error !== undefined)) process.exitCode = 1;
    });
}

async function showModel(model: string, { json }: InfoFlags): Promise<void> {
  const { modelInfo } = await import('../../api/model-info.js');
  const { modelText } = await import('../model-text.js');
  const summary = await modelInfo(model, { onNote: showNote });
  process.stdout.write(`${json ? JSON.stringify(summary, null, 2) : await modelText(summary)}\n`);
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
    volumes.flatMap((volume) => {
      if (volume.error !== undefined) return [];
      const { number, shape, spacing, orientation, dtype, range } = volume;
      return [
        [
          shortName(volume),
          String(number),
          `${shape?.join('×')}${volume.volumes === undefined ? '' : ` ×${volume.volumes}`}`,
          spacing?.map((mm) => Number(mm.toPrecision(3))).join('×') ?? '',
          orientation ?? '',
          dtype ?? '',
          range ? valuesOf(range) : '',
        ],
      ];
    }),
  );
  const remarks = [
    ...volumes.flatMap(({ path: file, error }) =>
      error === undefined ? [] : [`${file}: ${withoutPath(error, file)}`],
    ),
    ...notesOnce(usable),
  ];
  const failed = broken > 0 ? `; ${plural(broken, 'file')} cannot be read` : '';
  const head = `${path}: ${plural(usable.length, 'volume')} (${kinds})${failed}`;
  return [
    head,
    ...(usable.length > 0 ? ['', table] : []),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
  ].join('\n');
}

/** '-1000…1500' */
function valuesOf({ min, max }: NonNullable<VolumeSummary['range']>, between = '…'): string {
  return Number.isNaN(min) ? 'none finite' : `${shortNumber(min)}${between}${shortNumber(max)}`;
}

/** Letters of a name in the table. */
const LONGEST = 24;

/** The end of a long name, which tells volumes of one tree apart. */
function shortName({ name }: VolumeSummary): string {
  return name.length > LONGEST ? `…${name.slice(1 - LONGEST)}` : name;
}

/** Each note with the volumes that have it. */
function notesOnce(volumes: readonly VolumeSummary[]): string[] {
  const paths = new Map<string, Set<string>>();
  for (const { path, notes = [] } of volumes) {
    for (const note of notes) paths.set(note, (paths.get(note) ?? new Set()).add(path));
  }
  return [...paths].map(([note, [first, ...others]]) => {
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return `${first}${more}: ${note}`;
  });
}

function describe(volume: VolumeSummary, isOneOfMany: boolean): string {
  const lines = [volume.path];
  const add = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') lines.push(`  ${name.padEnd(12)}${value}`);
  };
  if (volume.error !== undefined) {
    add('cannot read', withoutPath(volume.error, volume.path));
    return lines.join('\n');
  }
  if (isOneOfMany) add('number', String(volume.number));
  const many = volume.volumes === undefined ? '' : ` × ${volume.volumes} volumes`;
  const parts = volume.components === undefined ? '' : ` × ${volume.components} values`;
  add('shape', `${volume.shape?.join(' × ')}${many}${parts}`);
  add('type', `${volume.dtype} (${volume.format})`);
  add('spacing', `${volume.spacing?.map(shortNumber).join(' × ')} mm`);
  add('orientation', volume.orientation);
  if (volume.range) {
    const { mean, nonFinite } = volume.range;
    const broken = nonFinite > 0 ? [`${plural(nonFinite, 'voxel')} NaN or infinite`] : [];
    const middle = Number.isNaN(mean) ? [] : [`mean ${shortNumber(mean)}`];
    add('values', [valuesOf(volume.range, ' … '), ...middle, ...broken].join(', '));
  }
  add('modality', volume.modality);
  add('series', volume.series);
  if (volume.files !== undefined) add('files', String(volume.files));
  add('description', volume.description);
  for (const note of volume.notes ?? []) add('note', note);
  return lines.join('\n');
}
