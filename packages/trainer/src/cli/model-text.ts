import type { PublishedModel, Row } from '@genesis/zoo/card';
import type { ModelSummary } from '../api/model-info.js';
import { formatTable } from '../report/text-table.js';
import { shortNumber } from '../report/ticks.js';

/** A model as text for a terminal: what `genesis info` shows of it. */
export async function modelText(summary: ModelSummary): Promise<string> {
  const { published, card, official, run } = summary;
  const { factRows, modelRows } = await import('@genesis/zoo/card');
  const rows: Row[] = [];
  if (published) rows.push(...factRows(published));
  else if (card)
    rows.push(...modelRows(JSON.parse(JSON.stringify(card)) as Record<string, unknown>));
  if (card && !published) {
    const { intensities } = await import('../model/intensities.js');
    rows.push(['intensities', intensities(card.preparation).join('; ')]);
  }
  if (official) rows.push(...officialRows(official));
  if (!published) rows.push(['parameters', summary.parameters.toLocaleString('en')]);
  for (const [name, value] of Object.entries(summary.metadata ?? {})) {
    if (value.length <= MOST_LETTERS) rows.push([name, value]);
  }
  if (run) rows.push(...runRows(run));
  rows.push(
    [
      'file',
      `${summary.file} (${summary.format}, ${summary.bytes.toLocaleString('en')} bytes, ${summary.tensors} tensors)`,
    ],
    ['SHA-256', summary.sha256],
  );
  const head = published ? [published.title, '', published.description, ''] : [summary.model];
  const lines = rows.map(([name, value]) => `  ${name.padEnd(WIDTH)}${value}`);
  return [...head, ...lines, ...(published ? await moreOf(published) : [])].join('\n');
}

/** Of the names. */
const WIDTH = 14;

/** Of a text that a file holds beside its weights. */
const MOST_LETTERS = 100;

function officialRows(entry: NonNullable<ModelSummary['official']>): Row[] {
  return [
    ['title', entry.title],
    ['trained on', entry.trainedOn],
    ['intensities', entry.intensity],
    ['crop', entry.crop],
    ['license', entry.license],
    ['homepage', entry.homepage],
    ['citation', entry.citation],
  ];
}

function runRows(run: NonNullable<ModelSummary['run']>): Row[] {
  const best = Object.entries(run.best).map(([name, value]) => `${name} ${shortNumber(value)}`);
  return [
    ['length', `epochs: ${run.epochs}, steps: ${run.steps}`],
    ['volumes', `${run.volumes.train} to train on, ${run.volumes.validation} for validation`],
    ['start', run.start ?? 'at random'],
    ['best epoch', best.join(', ')],
    ['engine', run.engine],
    [
      'versions',
      Object.entries(run.versions)
        .map(([name, one]) => `${name} ${one}`)
        .join(', '),
    ],
  ];
}

async function moreOf(card: PublishedModel): Promise<string[]> {
  const { NOT_A_DEVICE } = await import('@genesis/zoo/card');
  const data = formatTable(
    ['data', 'volumes', 'license', 'from'],
    card.data.map((one) => [one.name, String(one.volumes), one.license, one.url]),
  );
  const benefits = formatTable(
    ['task', 'labels', 'metric', 'without', 'with', 'verdict'],
    card.benefits.map((one) => [
      one.task,
      String(one.labels ?? ''),
      one.metric,
      String(one.without),
      String(one.with),
      one.verdict,
    ]),
  );
  return [
    '',
    data,
    '',
    card.benefits.length > 0 ? benefits : 'Nothing has been measured yet.',
    '',
    'limits:',
    ...card.limitations.map((one) => `  - ${one}`),
    `intended use: ${card.intendedUse}`,
    `citation: ${card.citation}`,
    '',
    NOT_A_DEVICE,
  ];
}
