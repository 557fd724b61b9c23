// The thread of volume-io.mjs that reads: counts what is allocated and which files are opened.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { sep } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';

/** Largest single typed array since the last reset: reservations for lying dimensions show in it. */
let largest = 0;
let outside;

for (const name of [
  'ArrayBuffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
]) {
  globalThis[name] = new Proxy(globalThis[name], {
    construct(target, args, newTarget) {
      const size = args[0];
      if (typeof size === 'number')
        largest = Math.max(largest, size * (target.BYTES_PER_ELEMENT ?? 1));
      return Reflect.construct(target, args, newTarget === globalThis[name] ? target : newTarget);
    },
  });
}

/** Files that reading may open: the case's own, and code that is loaded on first use. */
function watch(path) {
  const text = String(path?.href ?? path);
  if (
    typeof path === 'number' ||
    text.includes(`${sep}node_modules${sep}`) ||
    text.includes(`${sep}dist${sep}`)
  )
    return;
  let real = text;
  try {
    real = fs.realpathSync(text);
  } catch {
    // A file that is not there cannot be read.
    return;
  }
  if (real !== workerData.folder && !real.startsWith(workerData.folder + sep)) outside = real;
}

for (const [owner, names] of [
  [fs, ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream']],
  [fs.promises, ['open', 'readFile']],
]) {
  for (const name of names) {
    const original = owner[name];
    owner[name] = (path, ...rest) => {
      watch(path);
      return original.call(owner, path, ...rest);
    };
  }
}
syncBuiltinESMExports();

const { readHeader, readVolume, VolumeIoError } = await import('@genesis/volume-io');

parentPort.on('message', async ({ path, opts, whole }) => {
  largest = 0;
  outside = undefined;
  const start = performance.now();
  let verdict;
  try {
    verdict = whole
      ? checkVolume(await readVolume(path, opts))
      : checkHeader(await readHeader(path, opts));
  } catch (error) {
    verdict =
      error instanceof VolumeIoError
        ? { kind: 'error', code: error.code }
        : { kind: 'crash', message: error?.stack ?? String(error) };
  }
  parentPort.postMessage({
    ...verdict,
    ms: performance.now() - start,
    allocated: largest,
    outside,
  });
});
parentPort.postMessage('ready');

function checkHeader(header) {
  return { kind: 'valid', ...findFault(header.shape, header.affine, header.spacing) };
}

function checkVolume({ data, affine, spacing }) {
  const fault = findFault(data.shape, affine, spacing);
  const count = data.shape.reduce((a, b) => a * b, 1);
  if (count !== data.data.length && !fault.invalid)
    fault.invalid = `${data.data.length} voxels for ${data.shape}`;
  return { kind: 'valid', bytes: data.data.byteLength, ...fault };
}

function findFault(shape, affine, spacing) {
  if (shape.length !== 3 || !shape.every((n) => Number.isInteger(n) && n > 0))
    return { invalid: `shape ${shape}` };
  if (affine.length !== 16 || !affine.every(Number.isFinite))
    return { invalid: `affine ${affine}` };
  if (!spacing.every((s) => Number.isFinite(s) && s > 0)) return { invalid: `spacing ${spacing}` };
  return {};
}
