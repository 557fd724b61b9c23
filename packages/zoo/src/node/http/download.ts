import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isGenesisError } from '@genesis/core';
import { atomicWrite, makeFolder, writeFailure } from '@genesis/core/node';
import { HubError } from '../../errors.js';
import type { DownloadProgress } from './api.js';
import { checkStatus, isBusy } from './check-status.js';
import { type Answer, type HttpClient, reasonOf } from './client.js';

/** What the bytes must be. */
export interface Integrity {
  readonly algorithm: 'sha256' | 'sha512';
  /** Hexadecimal. */
  readonly digest: string;
}

export interface DownloadOpts {
  /** What the bytes must be. Left out: whatever comes, as when nobody has published a hash. */
  readonly integrity?: Integrity;
  /** How many bytes it must be. */
  readonly bytes?: number;
  /** More is refused. */
  readonly maxBytes: number;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** What is remembered of a download that was broken off, beside its bytes. */
interface Begun {
  readonly url: string;
  /** The server's name for this state of the file. */
  readonly validator?: string;
}

/**
 * Gets a file. What was cut off goes on where it was, in this call and in a later one, as long as the server can; the bytes are put
 * together in `path` and are to be used only when this returns, for then they are what `integrity` says.
 *
 * @param path - The file; what an earlier call left there is continued.
 * @throws HubError 'unreachable', 'refused', 'not-found', 'redirects', 'length', 'hash', 'too-large'; GenesisError 'write-failed'.
 */
export async function download(
  client: HttpClient,
  url: string,
  path: string,
  opts: DownloadOpts,
): Promise<void> {
  await makeFolder(dirname(path)).catch((cause: unknown) => {
    throw writeFailure(path, cause);
  });
  let fruitless = 0;
  let mayBeMixed = true;
  for (;;) {
    const before = await sizeOf(path);
    try {
      const { resumed } = await attempt(client, url, path, opts);
      if (await isIntact(path, opts)) return await rm(notePath(path), { force: true });
      await forget(path);
      if (!resumed || !mayBeMixed) throw otherBytes(url, opts);
      // Parts of two states of the file, perhaps: once more from the start.
      mayBeMixed = false;
    } catch (error) {
      if (!(error instanceof Passing)) throw error;
      fruitless = (await sizeOf(path)) > before ? 0 : fruitless + 1;
      if (fruitless >= client.opts.attempts) throw error.final;
      await client.pause(Math.max(1, fruitless));
    }
  }
}

/** A failure that may be another one's turn or none next time. */
class Passing extends Error {
  /** @param final - What is thrown when it stays. */
  constructor(readonly final: HubError) {
    super(final.message);
  }
}

/** Takes what the server gives, after what is there. */
async function attempt(
  client: HttpClient,
  url: string,
  path: string,
  opts: DownloadOpts,
): Promise<{ readonly resumed: boolean }> {
  const begun = await readNote(path);
  const isSame = begun?.url === url && (begun.validator ?? opts.integrity) !== undefined;
  if (!isSame) await forget(path);
  const offset = await sizeOf(path);
  if (offset > 0 && offset === opts.bytes) return { resumed: true };
  const answer = await ask(client, url, offset, begun?.validator);
  if (answer.status === 416) {
    await answer.drop();
    if (
      offset > 0 &&
      /\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1] === String(offset)
    ) {
      return { resumed: true };
    }
    await forget(path);
    throw new Passing(
      new HubError('refused', `cannot get ${url}: the server answered 416`, { url }),
    );
  }
  const start = await startOf(answer, url, offset, path);
  const announced = answer.header('content-length');
  const total = announced === undefined ? undefined : start + Number(announced);
  checkTotal(total, url, opts);
  await atomicWrite(notePath(path), JSON.stringify({ url, validator: validatorOf(answer) }));
  await writeBody(answer, { url, path, start, total, opts });
  return { resumed: start > 0 };
}

async function ask(
  client: HttpClient,
  url: string,
  offset: number,
  validator: string | undefined,
): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (offset > 0) headers.range = `bytes=${offset}-`;
  if (offset > 0 && validator !== undefined) headers['if-range'] = validator;
  try {
    const answer = await client.get(url, headers);
    if (!isBusy(answer.status)) return answer;
    await answer.drop();
    const message = `cannot get ${url}: the server answered ${answer.status}`;
    throw new Passing(new HubError('refused', message, { url }));
  } catch (error) {
    if (isGenesisError(error, 'unreachable')) throw new Passing(error as HubError);
    throw error;
  }
}

/** Where in the file the body begins: at `offset`, or at 0 when the server sends the whole. */
async function startOf(answer: Answer, url: string, offset: number, path: string): Promise<number> {
  await checkStatus(answer, url);
  const encoding = answer.header('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    await answer.drop();
    throw new HubError('refused', `${url} comes packed as ${encoding}, unasked`, { url });
  }
  if (answer.status !== 206) return 0;
  const start = Number(/^bytes (\d+)-/.exec(answer.header('content-range') ?? '')?.[1]);
  if (start === offset) return offset;
  await answer.drop();
  await forget(path);
  const message = `${url}: the server sends another part than it was asked for`;
  throw new Passing(new HubError('refused', message, { url }));
}

function checkTotal(total: number | undefined, url: string, opts: DownloadOpts): void {
  if (total === undefined) return;
  if (opts.bytes !== undefined && total !== opts.bytes) {
    const message = `${url} has ${total} bytes, but ${opts.bytes} were published`;
    throw new HubError('length', message, { url });
  }
  if (total > opts.maxBytes) throw tooLarge(url, opts);
}

interface Body {
  readonly url: string;
  readonly path: string;
  readonly start: number;
  readonly total: number | undefined;
  readonly opts: DownloadOpts;
}

async function writeBody(answer: Answer, { url, path, start, total, opts }: Body): Promise<void> {
  const file = await openFile(path, start);
  let received = start;
  try {
    for await (const part of answer.body) {
      if (received + part.length > opts.maxBytes) throw tooLarge(url, opts);
      await write(file, part, received, path);
      received += part.length;
      opts.onProgress?.({ url, received, total });
    }
  } catch (cause) {
    if (isGenesisError(cause)) throw cause;
    const message = `${url} broke off after ${received} ${total === undefined ? 'bytes' : `of ${total} bytes`}: ${reasonOf(cause)}`;
    throw new Passing(new HubError('length', message, { url, cause }));
  } finally {
    await file.close();
  }
  const wanted = opts.bytes ?? total;
  if (wanted === undefined || received === wanted) return;
  const message = `${url} ended after ${received} of ${wanted} bytes`;
  throw new Passing(new HubError('length', message, { url }));
}

async function openFile(path: string, start: number): Promise<FileHandle> {
  try {
    return await open(path, start > 0 ? 'r+' : 'w');
  } catch (cause) {
    throw writeFailure(path, cause);
  }
}

async function write(
  file: FileHandle,
  part: Uint8Array,
  position: number,
  path: string,
): Promise<void> {
  try {
    await file.write(part, 0, part.length, position);
  } catch (cause) {
    throw writeFailure(path, cause);
  }
}

async function isIntact(path: string, { integrity }: DownloadOpts): Promise<boolean> {
  if (integrity === undefined) return true;
  const hash = createHash(integrity.algorithm);
  for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  return hash.digest('hex') === integrity.digest;
}

/** A name for this state of the file that `If-Range` takes. */
function validatorOf({ header }: Answer): string | undefined {
  const tag = header('etag');
  return tag !== undefined && !tag.startsWith('W/') ? tag : header('last-modified');
}

const notePath = (path: string): string => `${path}.json`;

async function readNote(path: string): Promise<Begun | undefined> {
  const text = await readFile(notePath(path), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Begun);
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function forget(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(notePath(path), { force: true });
}

function tooLarge(url: string, { maxBytes }: DownloadOpts): HubError {
  return new HubError('too-large', `${url} has more than ${maxBytes} bytes`, { url });
}

function otherBytes(url: string, { integrity }: DownloadOpts): HubError {
  const message = `${url} is not what was published: its ${integrity?.algorithm} is another`;
  return new HubError('hash', message, { url });
}
