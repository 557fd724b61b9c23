import { type Command, Option } from 'commander';
import { plural } from '../../plural.js';
import { parseCount } from '../flags.js';
import { showNote } from './predict.js';

/** What a model is named by, for helps. */
const REFERENCE =
  'zoo:NAME (or NAME), npm:PACKAGE, hf:OWNER/NAME, an address, a folder, an archive';

interface JsonFlags {
  readonly json?: boolean;
}

interface PullFlags {
  readonly offline?: boolean;
  readonly to?: string;
  readonly quiet?: boolean;
}

interface PushFlags {
  readonly out: string;
  readonly card: string;
  readonly precision: 'float16' | 'float32';
  readonly samples: number;
}

export function addZoo(program: Command): void {
  const zoo = program
    .command('zoo')
    .description('Published models: list, show, fetch, check them, pack one of a run');
  addList(zoo);
  addShow(zoo);
  addPull(zoo);
  addPush(zoo);
  addVerify(zoo);
  for (const command of zoo.commands) command.exitOverride();
}

function addList(zoo: Command): void {
  zoo
    .command('list')
    .description('The models of the cache, those of this project, the official ones')
    .option('--json', 'print JSON')
    .action(async (flags: JsonFlags) => {
      const { listModels } = await import('@genesis/zoo/node');
      const { formatTable } = await import('../../report/text-table.js');
      const models = await listModels();
      const table = formatTable(
        ['name', 'version', 'where', 'license', 'title'],
        models.map(({ name, version = '', where, license, title }) => [
          name,
          version,
          where,
          license.length > 24 ? `${license.slice(0, 23)}…` : license,
          title,
        ]),
      );
      process.stdout.write(`${flags.json ? JSON.stringify(models, null, 2) : table}\n`);
    });
}

function addShow(zoo: Command): void {
  zoo
    .command('info')
    .description('Show the card of a model, which is fetched')
    .argument('<model>', REFERENCE)
    .option('--json', 'print JSON')
    .action(async (name: string, { json }: JsonFlags) => {
      const { modelInfo } = await import('../../api/model-info.js');
      const { modelText } = await import('../model-text.js');
      const summary = await modelInfo(await referenceOf(name), { onNote: showNote });
      process.stdout.write(
        `${json ? JSON.stringify(summary, null, 2) : await modelText(summary)}\n`,
      );
    });
}

function addPull(zoo: Command): void {
  zoo
    .command('pull')
    .description('Fetch the newest version of a model into the cache, and check every byte')
    .argument('<model>', REFERENCE)
    .option('--to <dir>', 'copy it there too')
    .option('--offline', 'fetch nothing: cache and mirror only')
    .option('--quiet', 'show only the result')
    .action(async (name: string, { to, quiet, offline }: PullFlags) => {
      const { pullModel, copyModel } = await import('@genesis/zoo/node');
      const { downloadLine } = await import('../download-line.js');
      const line = quiet ? undefined : downloadLine(process.stderr);
      const found = await pullModel(await referenceOf(name), {
        offline,
        onProgress: line?.progress,
        onNote: quiet ? undefined : (text) => line?.note(text),
      }).finally(() => line?.end());
      const model = to === undefined ? found : await copyModel(found, to);
      const what = model.card ? `${model.card.name} ${model.card.version}` : model.source;
      process.stdout.write(`${what}: ${model.folder ?? model.weights}\n`);
    });
}

function addPush(zoo: Command): void {
  zoo
    .command('push')
    .description('Pack a run with its card into a folder, ready for npm publish or a hub')
    .argument('<run>', 'folder of the run')
    .requiredOption('--out <dir>', 'folder of the package')
    .requiredOption('--card <file>', 'what is to be said of the model (YAML or JSON)')
    .addOption(
      new Option('--precision <name>', 'of kernels')
        .choices(['float16', 'float32'])
        .default('float16'),
    )
    .option(
      '--samples <n>',
      'samples of the report whose pictures go along: they show the data',
      parseCount,
      3,
    )
    .action(async (run: string, flags: PushFlags) => {
      const { pushModel } = await import('../../api/push-model.js');
      const card = await pushModel({ run, ...flags });
      const bytes = card.files.reduce((sum, file) => sum + file.bytes, 0);
      process.stdout.write(
        `${flags.out}: ${card.name} ${card.version}, ${plural(card.files.length, 'file')}, ${(bytes / 1e6).toFixed(2)} MB\n`,
      );
    });
}

function addVerify(zoo: Command): void {
  zoo
    .command('verify')
    .description('Check size and SHA-256 of every file: of a package, or of the whole cache')
    .argument('[model]', 'zoo:NAME (or NAME), or a folder')
    .action(async (name: string | undefined) => {
      const { findModel, listModels, verifyModelPackage } = await import('@genesis/zoo/node');
      if (name !== undefined) {
        const { card, folder = '' } = await findModel(await referenceOf(name), { offline: true });
        process.stdout.write(`${card?.name} ${card?.version}: ${folder} is as it was published\n`);
        return;
      }
      const { fail } = await import('../fail.js');
      for (const { folder, ...model } of await listModels()) {
        if (folder === undefined) continue;
        try {
          await verifyModelPackage(folder);
          process.stdout.write(
            `${model.name} ${model.version}: ${folder} is as it was published\n`,
          );
        } catch (error) {
          process.exitCode = fail(error);
        }
      }
    });
}

/** A bare name is one of the zoo, unless there is such a file or folder. */
async function referenceOf(name: string): Promise<string> {
  const { existsSync } = await import('node:fs');
  const { isHubReference } = await import('@genesis/zoo');
  return isHubReference(name) || existsSync(name) || /[\\/]/.test(name) ? name : `zoo:${name}`;
}
