// Reads thousands of damaged files of every format that @genesis/volume-io knows. Each must give a VolumeIoError or a
// valid volume: no other error, no hang, no memory beyond what the file is worth, no file outside its folder.
//
//   node tools/fuzz/volume-io.mjs [--count 5000] [--seed 0] [--keep FOLDER] [--only NAME] [--limit MS]
//
// --limit: no file may take longer to read, 2000 ms unless the machine is busy with other things. Stopped by a signal, it tells what
// it found so far. Build the package first. Seeds are the package's own fixtures. The same seed gives the same files. Files that fail are
// kept in FOLDER. Exit status 1 when any fails.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import * as mutate from './mutate.mjs';

const { values: args } = parseArgs({
  options: {
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '0' },
    keep: { type: 'string' },
    only: { type: 'string' },
    limit: { type: 'string', default: '2000' },
  },
});
const LIMIT_MS = Number(args.limit);

const fixtures = fileURLToPath(new URL('../../packages/volume-io/test/fixtures/', import.meta.url));
const sandbox = mkdtempSync(join(tmpdir(), 'genesis-fuzz-'));
const failures = [];

try {
  await run();
} finally {
  rmSync(sandbox, { recursive: true });
}

/** Each seed: a folder of files, one of which is damaged and (or the folder itself) is read. */
function loadSeeds() {
  const seeds = [];
  for (const { name, main, files, opts } of JSON.parse(
    readFileSync(join(fixtures, 'formats.json'), 'utf8'),
  )) {
    const bytes = Object.fromEntries(
      Object.entries(files).map(([file, text]) => [
        file,
        new Uint8Array(Buffer.from(text, 'base64')),
      ]),
    );
    seeds.push({ name, main, files: bytes, opts, format: formatOf(main) });
  }
  const dicom = join(fixtures, 'dicom');
  for (const entry of readdirSync(dicom, { withFileTypes: true })) {
    if (entry.name === 'expected.json') continue;
    const path = join(dicom, entry.name);
    const names = entry.isDirectory() ? readdirSync(path) : [entry.name];
    const folder = entry.isDirectory() ? path : dicom;
    const files = Object.fromEntries(
      names.map((n) => [n, new Uint8Array(readFileSync(join(folder, n)))]),
    );
    const format = entry.isDirectory()
      ? 'dicom folder'
      : entry.name.endsWith('.zip')
        ? 'dicom zip'
        : 'dicom';
    seeds.push({
      name: entry.name,
      main: entry.isDirectory() ? '.' : entry.name,
      files,
      opts: {},
      format,
    });
  }
  return seeds.filter((s) => !args.only || s.name.includes(args.only) || s.format === args.only);
}

function formatOf(main) {
  return (
    /\.(nii\.gz|nii|hdr|img|mha|mhd|nrrd|nhdr|npy|npz)/.exec(main)?.[1] ?? main.split('.').pop()
  );
}

function makeCase(n, byFormat) {
  const random = mutate.createRandom(Number(args.seed) * 1_000_003 + n);
  const formats = [...byFormat.keys()];
  const seeds = byFormat.get(formats[n % formats.length]);
  const seed = random.pick(seeds);
  const names = Object.keys(seed.files);
  const file = seed.main !== '.' && random.next() < 0.8 ? seed.main : random.pick(names);
  const bytes = seed.files[file];
  const others = seeds.flatMap((s) => Object.values(s.files));
  const { how, out } = damage(bytes, file, seed, random, others);
  return { n, how, seed, file, files: { ...seed.files, [file]: out } };
}

function damage(bytes, file, seed, random, others) {
  const general = Object.keys(mutate.mutators).filter((k) => k !== 'empty' || random.next() < 0.05);
  const apply = (input) => {
    const name = random.pick(general);
    return {
      how: name,
      out: input.length === 0 ? input : mutate.mutators[name](input, random, others),
    };
  };
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const isText = /\.(mha|mhd|nrrd|nhdr)$/.test(file);
  const dice = random.next();
  if (isGzip && dice < 0.05) return { how: 'gzipBomb', out: mutate.gzipBomb(bytes, random) };
  if (isGzip && dice < 0.6)
    return { how: 'inside gzip', out: mutate.mutateInside(bytes, random, (b) => apply(b).out) };
  if (isText && dice < 0.4) return { how: 'text', out: mutate.mutateText(bytes, random) };
  if (/\.(mhd|nhdr)$/.test(file) && dice < 0.6) {
    const outside = [
      '../canary.raw',
      join(sandbox, 'canary.raw'),
      '..\\canary.raw',
      'C:\\canary.raw',
      '/etc/passwd',
      'link.raw',
      './../canary.raw',
      'sub/../../canary.raw',
      '%2e%2e/canary.raw',
      'file:///etc/passwd',
      'slice%03d.raw 0 2000000000 1',
      'LIST',
      '.',
    ];
    return { how: 'pointOutside', out: mutate.pointOutside(bytes, random, outside) };
  }
  if (seed.format.startsWith('dicom') && !file.endsWith('.zip') && dice < 0.5) {
    return { how: 'attribute', out: mutate.mutateDicom(bytes, random) };
  }
  if (/\.(zip|npz)$/.test(file) && dice < 0.5)
    return { how: 'archive', out: mutate.mutateZip(bytes, random) };
  if (!isGzip && dice > 0.99) return { how: 'gzipBomb', out: mutate.gzipBomb(bytes, random) };
  return apply(bytes);
}

async function run() {
  const seeds = loadSeeds();
  const byFormat = Map.groupBy ? Map.groupBy(seeds, (s) => s.format) : groupBy(seeds);
  const folder = join(sandbox, 'case');
  writeFileSync(join(sandbox, 'canary.raw'), 'CANARY'.repeat(4096));
  const table = new Map();
  let reader = await startReader(folder);
  let slowest = 0;
  const started = performance.now();
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      stopped = true;
    });
  }
  let done = 0;
  for (let n = 0; n < Number(args.count) && !stopped; n++, done++) {
    const item = makeCase(n, byFormat);
    writeCase(folder, item);
    const asked = { path: join(folder, item.seed.main), opts: item.seed.opts, whole: n % 3 !== 2 };
    let verdict = await reader.ask(asked);
    if (verdict.kind === 'hang' || verdict.kind === 'dead') reader = await startReader(folder);
    verdict = judge(verdict, item);
    slowest = Math.max(slowest, verdict.ms ?? 0);
    const row = table.get(item.seed.format) ?? { valid: 0, error: 0, failed: 0 };
    row[verdict.failed ? 'failed' : verdict.kind]++;
    table.set(item.seed.format, row);
    if (verdict.failed) report(item, verdict);
  }
  await reader.close();
  console.table(Object.fromEntries(table));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `${done} files, seed ${args.seed}, ${failures.length} failures, slowest ${slowest.toFixed(0)} ms, ${seconds} s in all`,
  );
  console.log(
    `most memory used by the whole process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
  );
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function groupBy(seeds) {
  const groups = new Map();
  for (const seed of seeds) groups.set(seed.format, [...(groups.get(seed.format) ?? []), seed]);
  return groups;
}

function writeCase(folder, { files, seed }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytes);
  }
  // Links in a folder that is read as a whole are its owner's choice and followed; those that a header names are not.
  if (seed.main !== '.') symlinkSync(join(sandbox, 'canary.raw'), join(folder, 'link.raw'));
}

/** Bytes that a reader may allocate: four times what the files, or the volume they honestly hold, take. */
function allowance({ files, seed }, verdict) {
  const damaged = Object.values(files).reduce((sum, b) => sum + b.length, 0);
  const honest = Object.values(seed.files).reduce((sum, b) => sum + b.length, 0);
  // Small files need buffers of fixed size: reading pieces, inflating, converting.
  return 4 * Math.max(damaged, honest, verdict.bytes ?? 0) + (8 << 20);
}

function judge(verdict, item) {
  if (verdict.kind === 'hang' || verdict.kind === 'dead' || verdict.kind === 'crash')
    return { ...verdict, failed: verdict.kind };
  if (verdict.ms > LIMIT_MS) return { ...verdict, failed: 'slow' };
  if (verdict.allocated > allowance(item, verdict)) return { ...verdict, failed: 'allocation' };
  if (verdict.outside) return { ...verdict, failed: 'outside' };
  if (verdict.invalid) return { ...verdict, failed: 'invalid volume' };
  return verdict;
}

function report(item, verdict) {
  failures.push(item);
  const detail =
    verdict.message ??
    verdict.outside ??
    verdict.invalid ??
    `${verdict.allocated} bytes, ${verdict.ms} ms`;
  console.log(
    `#${item.n} ${item.seed.name} ${item.file} [${item.how}] ${verdict.failed}: ${String(detail).slice(0, 400)}`,
  );
  if (!args.keep) return;
  const target = join(args.keep, `${item.n}-${verdict.failed.replace(/\W/g, '-')}`);
  mkdirSync(target, { recursive: true });
  for (const [name, bytes] of Object.entries(item.files))
    writeFileSync(join(target, basename(name)), bytes);
}

/** A thread that reads, so that one that hangs or dies can be replaced. */
async function startReader(folder) {
  const worker = new Worker(new URL('./volume-io-reader.mjs', import.meta.url), {
    workerData: { folder },
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  await new Promise((done, fail) => worker.once('message', done).once('error', fail));
  let finish;
  worker.on('message', (verdict) => finish(verdict));
  worker.on('error', (error) => finish({ kind: 'dead', message: error.stack }));
  return {
    ask: (request) =>
      new Promise((done) => {
        const timer = setTimeout(async () => {
          await worker.terminate();
          finish({ kind: 'hang', message: `no answer after ${2 * LIMIT_MS} ms` });
        }, 2 * LIMIT_MS);
        finish = (verdict) => {
          clearTimeout(timer);
          done(verdict);
        };
        worker.postMessage(request);
      }),
    close: () => worker.terminate(),
  };
}
