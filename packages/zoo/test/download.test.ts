import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Handler, ranged, tempFolder, type WebServer, webServer } from '@genesis/testing';
import test, { type ExecutionContext } from 'ava';
import type { DownloadProgress } from '#src/node/http/api.js';
import { HttpClient } from '#src/node/http/client.js';
import { type DownloadOpts, download } from '#src/node/http/download.js';
import { getText } from '#src/node/http/get-text.js';
import { redirectTarget } from '#src/node/http/redirect-target.js';

const bytes = Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7) % 251);
const digest = createHash('sha256').update(bytes).digest('hex');
const integrity = { algorithm: 'sha256', digest } as const;

interface Setting {
  readonly server: WebServer;
  readonly client: HttpClient;
  readonly path: string;
  readonly url: string;
  get(opts?: Partial<DownloadOpts>): Promise<Uint8Array>;
}

/** A server with this answer, and a client that loses its patience soon. */
async function setting(
  t: ExecutionContext,
  answer: Handler | Uint8Array,
  idleMs = 30_000,
): Promise<Setting> {
  const server = await webServer(t);
  server.at('/file', answer);
  const client = await HttpClient.open({ idleMs, retryMs: 2, attempts: 3 });
  t.teardown(() => client.close());
  const path = join(await tempFolder(t), 'part');
  const url = `${server.url}/file`;
  const get = async (opts: Partial<DownloadOpts> = {}): Promise<Uint8Array> => {
    await download(client, url, path, { integrity, maxBytes: 1e6, ...opts });
    return new Uint8Array(await readFile(path));
  };
  return { server, client, path, url, get };
}

test('a file is fetched, and progress is told', async (t) => {
  const { get, url } = await setting(t, ranged(bytes));
  const told: DownloadProgress[] = [];
  t.deepEqual(await get({ onProgress: (one) => told.push(one) }), bytes);
  t.deepEqual(told.at(-1), { url, received: 100_000, total: 100_000 });
});

test('what is cut off goes on where it was', async (t) => {
  const cutAfter = (visit: number) => (visit < 4 ? 20_000 : undefined);
  const { get, server } = await setting(t, ranged(bytes, { cutAfter }));
  t.deepEqual(await get(), bytes);
  t.is(server.asked.length, 4);
  t.regex(server.asked[1], /bytes=\d+-/);
});

test('also in a later call', async (t) => {
  const cutAfter = (visit: number) => (visit === 1 ? 30_000 : visit < 5 ? 0 : undefined);
  const { get, server, url, path } = await setting(t, ranged(bytes, { cutAfter }));
  const error = await t.throwsAsync(get(), { code: 'length' });
  t.regex(error.message, new RegExp(`^${url} broke off after \\d+ of 100000 bytes: `));
  t.true((await stat(path)).size > 0);
  t.deepEqual(await get(), bytes);
  t.regex(server.asked.at(-1)!, /bytes=\d+-/);
});

test('a server that knows no parts sends all again', async (t) => {
  const { get } = await setting(t, (_, response, visit) => {
    response.writeHead(200, { 'content-length': bytes.length, etag: '"a"' });
    if (visit > 1) return response.end(bytes);
    return response.write(bytes.subarray(0, 5000), () => response.socket?.destroy());
  });
  t.deepEqual(await get(), bytes);
});

test('a file that has changed in between begins anew', async (t) => {
  const old = bytes.map((byte) => byte + 1);
  const { get, server } = await setting(t, (request, response, visit) =>
    visit === 1
      ? ranged(old, { etag: '"old"', cutAfter: () => 9000 })(request, response, visit)
      : ranged(bytes, { etag: '"new"' })(request, response, visit),
  );
  t.deepEqual(await get(), bytes);
  t.is(server.asked.length, 2);
});

test('parts of two files that a server takes for one are noticed', async (t) => {
  const other = bytes.map((byte) => byte + 1);
  const { get, server } = await setting(t, (request, response, visit) =>
    ranged(visit === 1 ? other : bytes, { cutAfter: (n) => (n === 1 ? 9000 : undefined) })(
      request,
      response,
      visit,
    ),
  );
  t.deepEqual(await get(), bytes);
  t.is(server.asked.length, 3);
});

test('another part than was asked for begins anew', async (t) => {
  const { get } = await setting(t, (request, response, visit) => {
    if (visit !== 2)
      return ranged(bytes, { cutAfter: (n) => (n === 1 ? 9000 : undefined) })(
        request,
        response,
        visit,
      );
    return response.writeHead(206, { 'content-range': 'bytes 5-9/100000' }).end('12345');
  });
  t.deepEqual(await get(), bytes);
});

test('a part of a file that the server no longer has in this length begins anew', async (t) => {
  const { get } = await setting(t, (request, response, visit) =>
    visit === 2
      ? response.writeHead(416, { 'content-range': 'bytes */5' }).end()
      : ranged(bytes, { cutAfter: (n) => (n === 1 ? 9000 : undefined) })(request, response, visit),
  );
  t.deepEqual(await get(), bytes);
});

test('other bytes than were published are refused, and nothing of them is kept', async (t) => {
  const { get, path, url } = await setting(
    t,
    bytes.map((byte) => byte ^ 1),
  );
  const error = await t.throwsAsync(get(), { code: 'hash' });
  t.regex(error.message, new RegExp(`^${url} is not what was published`));
  t.like(error, { url });
  await t.throwsAsync(stat(path));
});

test('a length that is not kept', async (t) => {
  const { get } = await setting(t, (_, response) => {
    response.writeHead(200, { 'content-length': 200_000 });
    return response.write(bytes, () => response.socket?.destroy());
  });
  await t.throwsAsync(get(), { code: 'length', message: /of 200000 bytes/ });
  const shorter = await setting(t, (_, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n${'x'.repeat(50)}`);
  });
  await t.throwsAsync(shorter.get(), { code: 'hash' });
});

test('a length that is not the published one, and one that is too large', async (t) => {
  const { get, server } = await setting(t, ranged(bytes));
  await t.throwsAsync(get({ bytes: 99 }), { code: 'length', message: /but 99 were published/ });
  await t.throwsAsync(get({ maxBytes: 99_999 }), { code: 'too-large' });
  t.is(server.asked.length, 2, 'neither is tried again');
  const endless = await setting(t, (_, response) => {
    const more = (): void => {
      if (response.write(bytes)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  });
  await t.throwsAsync(endless.get(), { code: 'too-large' });
});

test('redirects are followed, not in a circle, not without end, not anywhere', async (t) => {
  const { server, get, url } = await setting(t, (_, response) =>
    response.writeHead(302, { location: 'moved/here' }).end(),
  );
  server.at('/moved/here', (_, response) =>
    response.writeHead(307, { location: `${server.url}/there` }).end(),
  );
  server.at('/there', ranged(bytes));
  t.deepEqual(await get(), bytes);
  const leadsTo = (location: string): void =>
    server.at('/file', (_, response) => response.writeHead(301, { location }).end());
  leadsTo('/file');
  const error = await t.throwsAsync(get(), { code: 'redirects', message: /in a circle/ });
  t.like(error, { url });
  for (let n = 0; n < 9; n++) {
    server.at(`/far${n}`, (_, response) =>
      response.writeHead(302, { location: `/far${n + 1}` }).end(),
    );
  }
  leadsTo('/far0');
  await t.throwsAsync(get(), { code: 'redirects', message: /more than 5 times/ });
  leadsTo('file:///etc/passwd');
  await t.throwsAsync(get(), { code: 'redirects', message: /not followed/ });
  t.is(redirectTarget('https://a.org/b', 'https://c.org/', ''), 'https://c.org/');
  t.throws(() => redirectTarget('https://a.org/b', 'http://a.org/b', ''), { code: 'redirects' });
  t.throws(() => redirectTarget('https://a.org/b', undefined, ''), { code: 'redirects' });
});

test('errors of the server: named, and those that pass are tried again', async (t) => {
  const { server, get, url, client } = await setting(t, (request, response, visit) =>
    visit < 3 ? response.writeHead(503).end('busy') : ranged(bytes)(request, response, visit),
  );
  t.deepEqual(await get(), bytes);
  server.at('/file', (_, response) => response.writeHead(500).end('down'));
  server.asked.length = 0;
  const down = await t.throwsAsync(get(), { code: 'refused', message: /answered 500/ });
  t.like(down, { url });
  t.is(server.asked.length, 3);
  server.at('/file', (_, response) => response.writeHead(403).end('no'));
  await t.throwsAsync(get(), { code: 'refused', message: /answered 403/ });
  server.at('/file', (_, response) => response.writeHead(404).end('no'));
  await t.throwsAsync(get(), { code: 'not-found', message: /answered 404/ });
  t.is(server.asked.length, 5);
  server.at('/file', (_, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end('no'),
  );
  await t.throwsAsync(get(), { code: 'refused', message: /gzip/ });
  server.at('/text', (_, response, visit) =>
    visit < 3 ? response.socket?.destroy() : response.end('text'),
  );
  t.is(await getText(client, `${server.url}/text`, { maxBytes: 4 }), 'text');
  await t.throwsAsync(getText(client, `${server.url}/text`, { maxBytes: 3 }), {
    code: 'too-large',
  });
  await server.close();
  await t.throwsAsync(get(), { code: 'unreachable', message: /the connection is refused/ });
});

test('slow is no failure, silence is', async (t) => {
  const slow: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    let at = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(at, at + 20_000));
      at += 20_000;
      if (at >= bytes.length) {
        clearInterval(timer);
        response.end();
      }
    }, 100);
  };
  const { get } = await setting(t, slow);
  t.deepEqual(await get(), bytes);
  const silence: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, 10));
  };
  const silent = await setting(t, silence, 300);
  await t.throwsAsync(silent.get(), { code: 'length', message: /nothing comes any more/ });
  const deaf = await setting(t, () => undefined, 300);
  await t.throwsAsync(deaf.get(), { code: 'unreachable', message: /there is no answer/ });
});
