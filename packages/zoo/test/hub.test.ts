import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publish, ranged, tempFolder, type WebServer, webServer } from '@genesis/testing';
import * as hub from '@genesis/zoo/node';
import test, { type ExecutionContext } from 'ava';
import { weightBytes, writeTinyPackage } from './support/model-package.js';
import { packFolder } from './support/pack-folder.js';

const PACKAGE = '@genesis/model-tiny';

interface Setting {
  readonly server: WebServer;
  readonly folder: string;
  readonly at: (...parts: string[]) => string;
  readonly notes: string[];
  readonly opts: hub.HubOpts;
}

/** A folder with a package of a model in `package`, a server, and settings that know nothing of this machine's. */
async function setting(t: ExecutionContext): Promise<Setting> {
  const folder = await tempFolder(t);
  const at = (...parts: string[]): string => join(folder, ...parts);
  await writeTinyPackage(at('package'));
  const server = await webServer(t);
  const notes: string[] = [];
  const npmrc = at('user.npmrc');
  await writeFile(npmrc, `registry=${server.url}/\n`);
  await mkdir(at('project'));
  return {
    server,
    folder,
    at,
    notes,
    opts: {
      cache: at('cache'),
      cwd: at('project'),
      env: { npm_config_userconfig: npmrc },
      hfEndpoint: server.url,
      retryMs: 2,
      onNote: (text) => {
        if (!text.startsWith('fetching ')) notes.push(text);
      },
    },
  };
}

test('the public names', (t) => {
  t.snapshot(Object.keys(hub).sort());
});

test('what names a model', (t) => {
  const { parseReference } = hub;
  t.deepEqual(parseReference('zoo:genesis-ct'), {
    kind: 'npm',
    package: '@genesis/model-genesis-ct',
    version: undefined,
    model: 'genesis-ct',
  });
  t.like(parseReference('zoo:genesis-ct@1.0.0'), { version: '1.0.0', model: 'genesis-ct' });
  t.like(parseReference('npm:@a/b@next'), { kind: 'npm', package: '@a/b', version: 'next' });
  t.like(parseReference('npm:b'), { package: 'b', version: undefined });
  t.deepEqual(parseReference('hf:me/it@v2/a/b.safetensors'), {
    kind: 'hf',
    repository: 'me/it',
    revision: 'v2',
    file: 'a/b.safetensors',
  });
  t.like(parseReference('hf:me/it'), { revision: 'main', file: undefined });
  const digest = 'A'.repeat(64);
  t.deepEqual(parseReference(`https://a.org/x?y=1#sha256=${digest}`), {
    kind: 'url',
    url: 'https://a.org/x?y=1',
    sha256: digest.toLowerCase(),
  });
  t.deepEqual(parseReference('runs/a'), { kind: 'path', path: 'runs/a' });
  const wrong = [
    'zoo:',
    'zoo:../x',
    'zoo:a@',
    'npm:@a',
    'npm:a/../b',
    'hf:a',
    'hf:a/../b',
    'hf:a/b/../c',
  ];
  for (const text of [...wrong, 'https://', 'https://me:secret@a.org/x', 'https://a.org/x#y']) {
    t.throws(() => parseReference(text), { code: 'bad-reference' }, text);
  }
});

test('the environment says where things are', async (t) => {
  const of = (env: NodeJS.ProcessEnv) => hub.hubSettings({ env });
  t.is(of({ GENESIS_CACHE: '/c', XDG_CACHE_HOME: '/x' }).cache, '/c');
  t.is(of({ XDG_CACHE_HOME: '/x' }).cache, join('/x', 'genesis'));
  t.regex(of({}).cache, /\.cache.genesis$/);
  t.true(of({ GENESIS_OFFLINE: '1' }).offline);
  t.false(of({ GENESIS_OFFLINE: '0' }).offline);
  t.like(of({ GENESIS_MIRROR: '/m', HF_ENDPOINT: 'https://hf.example/' }), {
    mirror: '/m',
    hfEndpoint: 'https://hf.example',
  });
});

test('npm: the newest version is pulled, checked, kept, and found without the registry', async (t) => {
  const { server, at, opts, notes } = await setting(t);
  const script = Buffer.from('throw new Error()');
  const more = [{ path: 'package/index.js', bytes: script }];
  const one = await packFolder(at('package'), more);
  await writeTinyPackage(at('package'), { version: '1.3.0', weights: weightBytes(8) });
  publish(server, PACKAGE, { '1.2.3': one, '1.3.0': await packFolder(at('package'), more) });
  const pulled = await hub.pullModel('zoo:tiny', opts);
  t.like(pulled, { source: `npm:${PACKAGE}@1.3.0`, card: { version: '1.3.0' } });
  t.deepEqual(await readFile(pulled.weights), Buffer.from(weightBytes(8)));
  t.deepEqual((await readdir(pulled.folder!)).sort(), [
    'README.md',
    'model.json',
    'package.json',
    'pictures',
    'weights.safetensors',
  ]);
  t.like(await hub.findModel('zoo:tiny@1.2.3', opts), { card: { version: '1.2.3' } });
  t.is(server.asked.length, 4);
  await hub.pullModel('npm:@genesis/model-tiny@latest', opts);
  t.is(server.asked.length, 5, 'the archive is here already');
  await server.close();
  t.like(await hub.findModel('zoo:tiny', opts), { card: { version: '1.3.0' } });
  t.like(await hub.findModel('zoo:tiny@1.2.3', { ...opts, offline: true }), {
    card: { version: '1.2.3' },
  });
  t.is(notes.length, 2, 'terms are said once for each version');
  t.regex(
    notes[0],
    /^tiny 1\.3\.0 is under Apache-2\.0; it was trained on Phantoms \(CC-BY-4\.0\)\. Not a medical device/,
  );
  t.deepEqual(await readdir(at('cache', 'partial')), []);
});

test('npm: what differs from the hash of the registry is refused, and nothing is kept', async (t) => {
  const { server, at, opts } = await setting(t);
  const bytes = await packFolder(at('package'));
  publish(server, PACKAGE, { '1.2.3': bytes }, { answer: ranged(bytes.map((byte) => byte ^ 1)) });
  await t.throwsAsync(hub.findModel('zoo:tiny', opts), { code: 'hash' });
  publish(server, PACKAGE, { '1.2.3': bytes }, { integrity: 'sha1-AAAA' });
  await t.throwsAsync(hub.findModel('zoo:tiny', opts), {
    code: 'bad-package',
    message: /no SHA-512/,
  });
  await t.throwsAsync(stat(at('cache', 'models')));
});

test('npm: a package whose weights are not those of its card is refused', async (t) => {
  const { server, at, opts } = await setting(t);
  await writeFile(at('package', 'weights.safetensors'), weightBytes(8));
  publish(server, PACKAGE, { '1.2.3': await packFolder(at('package')) });
  await t.throwsAsync(hub.findModel('zoo:tiny', opts), { code: 'length' });
  const files = await readdir(at('cache', 'models', 'npm'), { recursive: true });
  t.false(files.some((name) => name.endsWith('.safetensors')));
});

test('npm: what is not there', async (t) => {
  const { server, at, opts } = await setting(t);
  const error = await t.throwsAsync(hub.findModel('zoo:nothing', opts), { code: 'not-found' });
  t.regex(error.message, /^the zoo has no model 'nothing': .*%2fmodel-nothing/);
  publish(server, PACKAGE, { '1.2.3': await packFolder(at('package')) });
  const version = hub.findModel('zoo:tiny@9.9.9', opts);
  await t.throwsAsync(version, {
    code: 'not-found',
    message: /no version '9\.9\.9'.* but 1\.2\.3/,
  });
  for (const said of ['<html>', '[]', '{"versions":{"../../x":{}}}']) {
    server.at('/plain', said);
    const found = hub.findModel('npm:plain', opts);
    await t.throwsAsync(found, { code: 'refused' }, said);
  }
  await server.close();
  const gone = await t.throwsAsync(hub.findModel('zoo:other', opts), { code: 'unreachable' });
  t.true(gone.message.includes(server.url));
});

test('npm: the registry of the scope, of the project, of the environment', async (t) => {
  const { server, at, opts } = await setting(t);
  publish(server, PACKAGE, { '1.2.3': await packFolder(at('package')) });
  const nowhere = 'http://127.0.0.1:9/';
  await writeFile(opts.env!.npm_config_userconfig!, `registry=${nowhere}`);
  await writeFile(at('.npmrc'), `; of a project\n@genesis:registry = "\${HOST}/"\n`);
  const env = { ...opts.env, HOST: server.url };
  t.like(await hub.pullModel('zoo:tiny', { ...opts, env }), { source: `npm:${PACKAGE}@1.2.3` });
  await writeFile(at('.npmrc'), `registry=${nowhere}`);
  const set = { ...opts.env, NPM_CONFIG_REGISTRY: server.url };
  t.like(await hub.pullModel('zoo:tiny', { ...opts, env: set }), {
    source: `npm:${PACKAGE}@1.2.3`,
  });
});

test('npm: a package that is installed is taken before all others', async (t) => {
  const { server, at, opts } = await setting(t);
  await cp(at('package'), at('node_modules', PACKAGE), { recursive: true });
  const found = await hub.findModel('zoo:tiny', opts);
  t.is(found.folder, at('node_modules', PACKAGE));
  t.deepEqual(server.asked, []);
  await t.throwsAsync(hub.findModel('zoo:tiny@2.0.0', opts), { code: 'not-found' });
  await writeFile(at('node_modules', PACKAGE, 'weights.safetensors'), weightBytes(8));
  await t.throwsAsync(hub.findModel('zoo:tiny', opts), { code: 'length' });
});

test('a cache that was damaged is fetched anew, offline it is an error', async (t) => {
  const { server, at, opts } = await setting(t);
  publish(server, PACKAGE, { '1.2.3': await packFolder(at('package')) });
  const { weights } = await hub.findModel('zoo:tiny', opts);
  await writeFile(weights, weightBytes(8));
  await t.throwsAsync(hub.findModel('zoo:tiny', { ...opts, offline: true }), { code: 'length' });
  await hub.findModel('zoo:tiny', opts);
  t.deepEqual(await readFile(weights), Buffer.from(weightBytes()));
});

test('two at once fetch once', async (t) => {
  const { server, at, opts } = await setting(t);
  publish(server, PACKAGE, { '1.2.3': await packFolder(at('package')) });
  await Promise.all([hub.pullModel('zoo:tiny', opts), hub.pullModel('zoo:tiny', opts)]);
  t.is(server.asked.filter((path) => path.startsWith('/files/')).length, 1);
});

test('offline: from the mirror or not at all', async (t) => {
  const { server, at, opts } = await setting(t);
  const mirror = at('mirror');
  const offline = { ...opts, offline: true, mirror };
  const error = await t.throwsAsync(hub.findModel('zoo:tiny', offline), { code: 'offline' });
  t.true(error.message.includes(mirror));
  await t.throwsAsync(hub.pullModel(`${server.url}/a.safetensors`, offline), { code: 'offline' });
  await mkdir(mirror);
  await writeFile(join(mirror, 'genesis-model-tiny-1.2.3.tgz'), await packFolder(at('package')));
  await writeTinyPackage(at('package'), { version: '1.10.0' });
  await writeFile(join(mirror, 'genesis-model-tiny-1.10.0.tgz'), await packFolder(at('package')));
  t.like(await hub.findModel('zoo:tiny', offline), { card: { version: '1.10.0' } });
  t.like(await hub.pullModel('zoo:tiny@1.2.3', offline), { card: { version: '1.2.3' } });
  await cp(at('package'), join(mirror, 'me', 'it'), { recursive: true });
  t.is((await hub.findModel('hf:me/it', offline)).folder, join(mirror, 'me', 'it'));
  await mkdir(join(mirror, 'a.org'));
  await writeFile(join(mirror, 'a.org', 'x.pt'), 'x');
  const file = await hub.findModel('https://a.org/x.pt', offline);
  t.is(file.weights, join(mirror, 'a.org', 'x.pt'));
  t.deepEqual(server.asked, []);
});

test('a repository of Hugging Face: files beside the card, from wherever it redirects', async (t) => {
  const { server, at, opts } = await setting(t);
  const base = '/me/it/resolve/main/';
  for (const name of ['model.json', 'pictures/crop1-1.png']) {
    server.at(base + name, await readFile(at('package', name)));
  }
  server.at(`${base}weights.safetensors`, (_, response) =>
    response.writeHead(302, { location: '/cdn/123?signed' }).end(),
  );
  server.at('/cdn/123?signed', weightBytes());
  const found = await hub.findModel('hf:me/it', opts);
  t.like(found, { source: 'hf:me/it@main', card: { name: 'tiny' } });
  t.true((await readdir(found.folder!)).includes('README.md'));
  const { length } = server.asked;
  t.is((await hub.findModel('hf:me/it', opts)).weights, found.weights);
  t.is(server.asked.length, length);
  server.at(
    '/cdn/123?signed',
    weightBytes().map((byte) => byte ^ 1),
  );
  await t.throwsAsync(hub.pullModel('hf:me/it', opts), { code: 'hash' });
  t.is((await hub.findModel('hf:me/it', opts)).weights, found.weights, 'the old one stays');
  await t.throwsAsync(hub.findModel('hf:me/other', opts), { code: 'not-found' });
});

test('an address: a package, an archive, weights alone', async (t) => {
  const { server, at, opts, notes } = await setting(t);
  for (const name of ['model.json', 'weights.safetensors', 'pictures/crop1-1.png']) {
    server.at(`/models/${name}`, await readFile(at('package', name)));
  }
  const archive = await packFolder(at('package'));
  server.at('/tiny.tgz', archive);
  const byCard = await hub.findModel(`${server.url}/models/model.json`, opts);
  t.like(byCard, { source: `${server.url}/models/model.json`, card: { name: 'tiny' } });
  t.like(await hub.findModel(`${server.url}/models/`, opts), { card: { name: 'tiny' } });
  t.like(await hub.findModel(`${server.url}/tiny.tgz`, opts), { card: { name: 'tiny' } });
  const other = `#sha256=${'0'.repeat(64)}`;
  await t.throwsAsync(hub.findModel(`${server.url}/tiny.tgz${other}`, opts), { code: 'hash' });
  notes.length = 0;
  const url = `${server.url}/models/weights.safetensors`;
  const alone = await hub.findModel(url, opts);
  t.is(alone.card, undefined);
  t.deepEqual(await readFile(alone.weights), Buffer.from(weightBytes()));
  t.regex(notes.join(), /comes without a card; its SHA-256 is 573cdf9e/);
  await t.throwsAsync(hub.findModel(url + other, opts), { code: 'hash' });
  server.at('/models/weights.safetensors', 'other');
  t.is((await hub.findModel(url, opts)).weights, alone.weights, 'it is not asked for again');
});

test('a folder and an archive on disk', async (t) => {
  const { at, opts } = await setting(t);
  t.is((await hub.findModel(at('package'), opts)).folder, at('package'));
  await writeFile(at('it.tgz'), await packFolder(at('package')));
  t.like(await hub.findModel(at('it.tgz'), opts), { source: at('it.tgz'), card: { name: 'tiny' } });
  await t.throwsAsync(hub.findModel(at('none'), opts), { code: 'not-found' });
  await t.throwsAsync(hub.findModel(at('none.tgz'), opts), { code: 'not-found' });
});
