import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PublishedModel } from '../card/api.js';
import { CARD_FILE } from '../card/api.js';
import { NOT_A_DEVICE } from '../card/render-readme.js';
import { HubError } from '../errors.js';
import { type ModelReference, parseReference } from '../hub/reference.js';
import type { HubOpts, LocalModel } from './api.js';
import { sha256 } from './package/sha256.js';
import { verifyModelPackage } from './package/verify-package.js';
import { type HubContext, withContext } from './sources/context.js';
import { fetchFile } from './sources/fetch-file.js';
import { fetchPackage } from './sources/fetch-package.js';
import { inFolder, isArchive, packageOnDisk } from './sources/folder.js';
import { findInMirror } from './sources/mirror.js';
import { cachedPackage, fetchFromNpm, installedPackage } from './sources/npm.js';
import { weightsAlone } from './sources/weights-alone.js';
import { unpackPackage } from './tar/unpack.js';

/**
 * Finds a model and checks every byte of it; what is not here is fetched. Nothing of it is executed.
 *
 * Looked for in this order: packages that npm has installed, the mirror, the cache, the network.
 *
 * @param reference - As parseReference reads it: `zoo:NAME`, `npm:PACKAGE`, `hf:OWNER/NAME`, an address, a folder or an archive.
 * @throws HubError, whose code says why; GenesisError 'write-failed' for a cache that cannot be written.
 */
export function findModel(reference: string, opts: HubOpts = {}): Promise<LocalModel> {
  return withContext(opts, false, (context) => find(context, reference));
}

/**
 * The same, but the newest version is asked for, whatever npm has installed or the cache holds.
 *
 * @throws HubError, GenesisError as findModel.
 */
export function pullModel(reference: string, opts: HubOpts = {}): Promise<LocalModel> {
  return withContext(opts, true, (context) => find(context, reference));
}

async function find(context: HubContext, text: string): Promise<LocalModel> {
  const reference = parseReference(text);
  const found =
    (await findHere(context, reference)) ??
    (await findInMirror(context, reference)) ??
    (await findInCache(context, reference)) ??
    (await fetchModel(context, reference, text));
  const { onNote } = context.opts;
  if (found.card !== undefined && onNote !== undefined) {
    await sayTerms(found.card, context.cache.folder, onNote);
  }
  return found;
}

async function findHere(
  context: HubContext,
  reference: ModelReference,
): Promise<LocalModel | undefined> {
  if (reference.kind === 'path') return packageOnDisk(context, reference.path);
  if (reference.kind !== 'npm' || context.newest) return undefined;
  return installedPackage(context, reference);
}

async function findInCache(
  context: HubContext,
  reference: ModelReference,
): Promise<LocalModel | undefined> {
  const { newest, settings } = context;
  if (newest && !settings.offline) return undefined;
  if (reference.kind === 'npm') {
    return cachedPackage(context, reference).catch((error: unknown) => {
      // What does not fit its card any more is fetched anew.
      if (settings.offline) throw error;
      return undefined;
    });
  }
  const place = placeOf(context, reference);
  if (place === undefined) return undefined;
  return verifyModelPackage(place).then(
    (found) => inFolder(found, place, sourceOf(reference)),
    () => undefined,
  );
}

async function fetchModel(
  context: HubContext,
  reference: ModelReference,
  text: string,
): Promise<LocalModel> {
  const { settings } = context;
  if (reference.kind === 'url' && isWeightFile(reference.url)) {
    return weightsAlone(context, reference.url, reference.sha256);
  }
  if (reference.kind === 'hf' && reference.file !== undefined) {
    return weightsAlone(context, hfBase(context, reference) + reference.file);
  }
  if (settings.offline) {
    const { mirror = 'no mirror', cache } = settings;
    const name = (reference.kind === 'npm' && reference.model) || text;
    const message = `there is no model '${name}' here, and nothing may be fetched: looked in node_modules, ${mirror} and ${cache}`;
    throw new HubError('offline', message);
  }
  if (reference.kind === 'npm') return fetchFromNpm(context, reference);
  const place = placeOf(context, reference);
  if (place === undefined || reference.kind === 'path') {
    throw new HubError('bad-reference', `'${text}' names no package`);
  }
  const found = await context.locked(place, () =>
    reference.kind === 'hf'
      ? fetchPackage(context, hfBase(context, reference), place)
      : fetchFromUrl(context, reference, place),
  );
  return inFolder(found, place, sourceOf(reference));
}

async function fetchFromUrl(
  context: HubContext,
  { url, sha256: digest }: Extract<ModelReference, { kind: 'url' }>,
  place: string,
) {
  if (!isArchive(new URL(url).pathname)) {
    return fetchPackage(context, new URL('.', url).href, place);
  }
  const integrity = digest === undefined ? undefined : ({ algorithm: 'sha256', digest } as const);
  const bytes = await fetchFile(context, url, { integrity });
  return context.cache.put(place, await unpackPackage(bytes, url));
}

/** Neither an archive, nor a card, nor the folder of one. */
function isWeightFile(url: string): boolean {
  const { pathname } = new URL(url);
  return !isArchive(pathname) && !pathname.endsWith('/') && !pathname.endsWith(`/${CARD_FILE}`);
}

function hfBase(
  { settings }: HubContext,
  { repository, revision }: Extract<ModelReference, { kind: 'hf' }>,
): string {
  return `${settings.hfEndpoint}/${repository}/resolve/${revision}/`;
}

/** Where a package is kept that has no version before it is here; undefined for weights alone. */
function placeOf({ cache }: HubContext, reference: ModelReference): string | undefined {
  if (reference.kind === 'hf' && reference.file === undefined) {
    return cache.place('hf', reference.repository, reference.revision);
  }
  if (reference.kind !== 'url' || isWeightFile(reference.url)) return undefined;
  const { host } = new URL(reference.url);
  const state = sha256(`${reference.url} ${reference.sha256 ?? ''}`).slice(0, 32);
  return cache.place('url', host.replaceAll(':', '-'), state);
}

function sourceOf(reference: ModelReference): string {
  if (reference.kind === 'url') return reference.url;
  return reference.kind === 'hf' ? `hf:${reference.repository}@${reference.revision}` : '';
}

/** Says once on which terms a model may be used: where nobody listens, the next time. */
async function sayTerms(
  card: PublishedModel,
  cache: string,
  onNote: (text: string) => void,
): Promise<void> {
  const mark = join(cache, 'notices', `${card.name}@${card.version}`);
  try {
    await mkdir(dirname(mark), { recursive: true });
    await writeFile(mark, '', { flag: 'wx' });
  } catch (error) {
    // A cache that cannot be written has it said each time.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
  }
  const data = card.data.map(({ name, license }) => `${name} (${license})`).join(', ');
  onNote(
    `${card.name} ${card.version} is under ${card.license}; it was trained on ${data}. ${NOT_A_DEVICE}`,
  );
}
