import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { unpackPackage } from '#src/node/tar/unpack.js';
import { tarball } from './support/tarball.js';

for (const format of ['ustar', 'pax', 'gnu']) {
  test(`an archive of Python's tarfile, ${format}, with long names`, async (t) => {
    const bytes = readFileSync(
      new URL(`../../test/fixtures/tar/${format}.tar.gz`, import.meta.url),
    );
    const files = await unpackPackage(bytes, 'it');
    const long = `a/${'b'.repeat(60)}/${'c'.repeat(66)}.json`;
    t.deepEqual([...files.keys()], [long, 'empty.md', 'blocks.png', 'ü.svg']);
    t.is(Buffer.from(files.get(long)!).toString(), 'long');
    t.is(files.get('blocks.png')!.length, 1280);
    t.is(files.get('blocks.png')![1279], 255);
  });
}

const bytes = Uint8Array.of(1);

test('only data come out of an archive', async (t) => {
  const files = ['model.json', 'index.js', 'install.sh', 'a.node', 'deep/x.safetensors', '.npmrc'];
  const archive = tarball(files.map((path) => ({ path: `package/${path}`, bytes })));
  t.deepEqual(
    [...(await unpackPackage(archive, 'it')).keys()],
    ['model.json', 'deep/x.safetensors'],
  );
});

for (const path of ['package/../../x.json', '/etc/x.json', 'package/a\\..\\x.json', 'C:/x.json']) {
  test(`an archive that reaches out of its folder is refused: ${path}`, async (t) => {
    const archive = tarball([
      { path: 'package/model.json', bytes },
      { path, bytes },
    ]);
    const error = await t.throwsAsync(unpackPackage(archive, 'it'), { code: 'unsafe' });
    t.true(error.message.startsWith('it is not unpacked'));
  });
}

for (const type of ['1', '2', '3', '6']) {
  test(`an archive with a link or a device is refused: type ${type}`, async (t) => {
    const archive = tarball([{ path: 'package/model.json', type }]);
    await t.throwsAsync(unpackPackage(archive, 'it'), { code: 'unsafe' });
  });
}

test('bombs and what is no archive are refused', async (t) => {
  const bomb = gzipSync(new Uint8Array(80e6));
  await t.throwsAsync(unpackPackage(bomb, 'it'), { code: 'too-large' });
  const whole = tarball([{ path: 'package/model.json', bytes: new Uint8Array(700) }]);
  const broken = [Uint8Array.of(1, 2, 3), whole.subarray(0, 40), gzipSync(Buffer.alloc(600, 'x'))];
  for (const one of broken) {
    await t.throwsAsync(unpackPackage(one, 'it'), { code: 'bad-package' });
  }
});
