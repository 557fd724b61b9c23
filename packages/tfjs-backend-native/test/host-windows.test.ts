import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';

const folder = 'native/addon';

test('every function of Node-API that the addon calls is looked up in the program on Windows', (t) => {
  const files = readdirSync(folder).filter((name) => name !== 'host-windows.cpp');
  const called = files.flatMap((name) => [
    ...readFileSync(`${folder}/${name}`, 'utf8').matchAll(/\b(napi_[a-z0-9_]+)\(/g),
  ]);
  const names = new Set(called.map(([, name]) => name));
  const table = readFileSync(`${folder}/host-windows.cpp`, 'utf8');
  const found = new Set([...table.matchAll(/X\((napi_[a-z0-9_]+)\)/g)].map(([, name]) => name));
  t.true(names.size > 10);
  t.deepEqual([...names].filter((name) => !found.has(name)).sort(), []);
});
