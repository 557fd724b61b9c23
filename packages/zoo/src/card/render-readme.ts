import type { Benefit, DataSource, PublishedModel, TrainingFacts } from './api.js';
import { modelRows, type Row } from './model-rows.js';
import { packageName } from './package-name.js';

/** The sentence that stands on every page of a model. */
export const NOT_A_DEVICE =
  'Not a medical device: for research, not for diagnosis, treatment or any decision about a patient.';

/** The page of a model package, Markdown; the same card gives the same text. */
export function renderReadme(card: PublishedModel): string {
  const parts = [
    `# ${plain(card.title)}`,
    plain(card.description),
    `> **${NOT_A_DEVICE}**`,
    useSection(card),
    `## Model\n\n${table(['', ''], factRows(card))}`,
    `## Data\n\n${dataTable(card.data)}`,
    `## Does it help?\n\n${benefitsText(card.benefits)}`,
    `## Limits\n\n${card.limitations.map((one) => `- ${plain(one)}`).join('\n')}`,
    `## Intended use\n\n${plain(card.intendedUse)}\n\n${NOT_A_DEVICE}`,
    trainingSection(card),
    ...pictureSections(card),
    `## Recipe\n\n${recipeText(card)}`,
    `## Files\n\n${table(
      ['file', 'bytes', 'SHA-256'],
      card.files.map(({ path, bytes, sha256 }) => [path, String(bytes), `\`${sha256}\``]),
    )}`,
    `## Citation\n\n${plain(card.citation)}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Names and values of what the card says of the model itself. */
export function factRows(card: PublishedModel): Row[] {
  return [
    ['version', card.version],
    ['license', card.license],
    ['modality', card.modality.join(', ')],
    ...modelRows(card.model),
    ['intensities', card.intensities.join('; ')],
    ['parameters', `${card.parameters.toLocaleString('en')}, ${card.precision}`],
  ];
}

function useSection(card: PublishedModel): string {
  const isPretrained = card.recipe.command === 'pretrain';
  const source = `zoo:${card.name}`;
  const command = isPretrained
    ? `genesis finetune --task segmentation --images images --labels labels --init ${source} --out runs/mine`
    : `genesis predict --model ${source} --images scan.nii.gz --out result.nii.gz`;
  return `\`\`\`sh\nnpm install @genesis/trainer ${packageName(card.name)}\nnpx ${command}\n\`\`\``;
}

function dataTable(data: readonly DataSource[]): string {
  const rows = data.map((one) => [
    `[${plain(one.name)}](${one.url})`,
    one.modality ?? '',
    String(one.volumes),
    one.patients === undefined ? '' : String(one.patients),
    one.license,
  ]);
  const remarks = data.flatMap(({ name, citation, note }) => {
    const said = [note, citation].filter((one) => one !== undefined);
    return said.length === 0 ? [] : [`- ${plain(name)}: ${said.map(plain).join(' ')}`];
  });
  const all = table(['data', 'modality', 'volumes', 'patients', 'license'], rows);
  return remarks.length === 0 ? all : `${all}\n\n${remarks.join('\n')}`;
}

function benefitsText(benefits: readonly Benefit[]): string {
  if (benefits.length === 0) return 'Nothing has been measured yet.';
  const rows = benefits.map((one) => [
    one.task,
    one.labels === undefined ? '' : String(one.labels),
    one.metric,
    String(one.without),
    String(one.with),
    one.interval === undefined ? '' : one.interval.join(' … '),
    one.p === undefined ? '' : String(one.p),
    one.seeds === undefined ? '' : String(one.seeds),
    one.verdict,
  ]);
  const remarks = benefits.flatMap(({ task, note }) =>
    note === undefined ? [] : [`- ${plain(task)}: ${plain(note)}`],
  );
  const head = ['task', 'labels', 'metric', 'without', 'with', '95 % of the difference', 'p'];
  const all = table([...head, 'seeds', 'verdict'], rows);
  return remarks.length === 0 ? all : `${all}\n\n${remarks.join('\n')}`;
}

function trainingSection({ training, curve }: PublishedModel): string {
  const picture = curve === undefined ? [] : [`![Training curve](${curve})`];
  return ['## Training', trainingText(training), ...picture].join('\n\n');
}

function trainingText(training: TrainingFacts): string {
  const { best, volumes, versions } = training;
  const rows: Row[] = [
    ['volumes', `${volumes.train} to train on, ${volumes.validation} for validation`],
    [
      'length',
      `epochs: ${training.epochs}, steps: ${training.steps}, minutes: ${training.minutes}`,
    ],
    ['start', training.start ?? 'at random'],
    ['weights', `of epoch ${best.epoch}, the best in validation`],
    ...Object.entries(best.values).map(
      ([name, value]): Row => [`validation: ${name}`, String(value)],
    ),
    ['engine', training.engine],
    [
      'versions',
      Object.entries(versions)
        .map(([name, one]) => `${name} ${one}`)
        .join(', '),
    ],
  ];
  const points = training.curve.map(({ epoch, step, training: loss, validation }) =>
    [epoch, step, loss, validation].map(String),
  );
  const curve = table(['epoch', 'step', 'training loss', 'validation loss'], points);
  return `${table(['', ''], rows)}\n\n<details><summary>Losses</summary>\n\n${curve}\n\n</details>`;
}

function pictureSections({ pictures }: PublishedModel): string[] {
  if (pictures.length === 0) return [];
  const blocks = pictures.map(({ title, pictures: row }) => {
    const images = row.map(
      ({ name, path }) => `<img src="${path}" width="220" alt="${plain(name)}">`,
    );
    return `${plain(title)}\n\n${table(
      row.map(({ name }) => name),
      [images],
      true,
    )}`;
  });
  return [`## Validation crops\n\n${blocks.join('\n\n')}`];
}

function recipeText({ recipe }: PublishedModel): string {
  const json = JSON.stringify(recipe.options, null, 2);
  return `\`genesis ${recipe.command} --config\` with these options gives the weights again, on the same data, engine and number of threads. SHA-256 of the options: \`${recipe.sha256}\`.\n\n<details><summary>Options</summary>\n\n\`\`\`json\n${json}\n\`\`\`\n\n</details>`;
}

/** @param markup - Whether the cells are markup already. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  markup = false,
): string {
  const lines = [
    head.map(cell),
    head.map(() => '---'),
    ...rows.map((row) => (markup ? row : row.map(cell))),
  ];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Links and code keep their brackets. */
function cell(text: string): string {
  return plain(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** No tags of a card become tags of the page. */
function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
