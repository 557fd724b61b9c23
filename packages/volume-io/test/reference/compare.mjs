// Compares @genesis/volume-io with what volume_io_compare.py wrote, and prints a Markdown table.
//
//     node packages/volume-io/test/reference/compare.mjs FOLDER OUT
//
// Voxels: equal as float64 bit for bit, or within 1e-6 relative for voxels that the file scales. Affine: within 1e-4 mm.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readHeader, readVolume, VolumeIoError } from '@genesis/volume-io';

const [folder, out] = process.argv.slice(2);
const reference = JSON.parse(await readFile(join(out, 'reference.json'), 'utf8'));
const rows = [];
for (const entry of reference) rows.push({ ...entry, ...(await compare(entry)) });
print(rows);
if (rows.some((row) => row.verdict === 'DIFFERENT' || row.verdict === 'NOT READ'))
  process.exitCode = 1;

/** Voxels in file order as float64, with one kind of NaN. */
function toDoubles(volume) {
  const { data, shape, stride, offset } = volume.data;
  const [nx, ny, nz] = shape;
  const values = new Float64Array(nx * ny * nz);
  let n = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      let at = offset + j * stride[1] + k * stride[2];
      for (let i = 0; i < nx; i++, at += stride[0])
        values[n++] = Number.isNaN(data[at]) ? NaN : data[at];
    }
  }
  return values;
}

async function compare(entry) {
  const path = join(folder, entry.path);
  let header;
  try {
    header = await readHeader(path);
  } catch (error) {
    return refused(entry, error);
  }
  if (entry.complex) {
    try {
      await readVolume(path);
      return { verdict: 'DIFFERENT', reason: 'complex voxels were read' };
    } catch (error) {
      return { verdict: 'refused by both', reason: error.message.replace(path, basename(path)) };
    }
  }
  if (entry.error) {
    try {
      await readVolume(path, { volumeIndex: 0, component: 0 });
      return { verdict: 'read here only', reason: entry.error };
    } catch (error) {
      return refused(entry, error);
    }
  }
  for (const { index, component, sha256, values } of entry.read) {
    let volume;
    try {
      volume = await readVolume(path, chosen(header, index, component));
    } catch (error) {
      return refused(entry, error);
    }
    const shape = volume.data.shape;
    if (shape.join() !== entry.shape.join()) {
      return {
        verdict: 'DIFFERENT',
        reason: `shape ${shape.join('×')} for ${entry.shape.join('×')}`,
      };
    }
    const doubles = toDoubles(volume);
    const sha = createHash('sha256').update(new Uint8Array(doubles.buffer)).digest('hex');
    if (sha !== sha256) {
      if (!values) return { verdict: 'DIFFERENT', reason: 'voxels differ' };
      const expected = toDoubles(await readVolume(join(out, values)));
      const worst = relativeError(doubles, expected);
      if (!(worst <= 1e-6))
        return { verdict: 'DIFFERENT', reason: `voxels differ by ${worst} relative` };
    }
    const distance = Math.max(...volume.affine.map((v, n) => Math.abs(v - entry.affine[n])));
    if (!(distance <= 1e-4)) {
      return { verdict: 'DIFFERENT', reason: `affine differs by ${distance} mm` };
    }
  }
  return { verdict: 'equal', reason: '' };
}

/** ITK calls an NRRD's last axis of values a component; here it is a volume. */
function chosen(header, index, component) {
  if (header.components > 1) return { component, volumeIndex: index };
  return { volumeIndex: header.volumes > 1 ? Math.max(index, component) : 0 };
}

function relativeError(found, expected) {
  let worst = 0;
  for (let n = 0; n < expected.length; n++) {
    const [a, b] = [found[n], expected[n]];
    if (Object.is(a, b) || a === b) continue;
    const error = Math.abs(a - b) / Math.max(Math.abs(b), 1e-30);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

function refused(entry, error) {
  const path = join(folder, entry.path);
  const typed = error instanceof VolumeIoError;
  const reason = typed
    ? `${error.code}: ${error.message.replace(`${path}: `, '')}`
    : String(error.stack);
  if (!typed) return { verdict: 'DIFFERENT', reason };
  return { verdict: entry.error ? 'refused by both' : 'NOT READ', reason };
}

function print(rows) {
  const counts = new Map();
  for (const row of rows) counts.set(row.verdict, (counts.get(row.verdict) ?? 0) + 1);
  console.log(`| files tried | ${[...counts.keys()].join(' | ')} |`);
  console.log(`|---${'|---'.repeat(counts.size)}|`);
  console.log(`| ${rows.length} | ${[...counts.values()].join(' | ')} |\n`);
  const byFolder = Map.groupBy?.(rows, keyOf) ?? groupBy(rows, keyOf);
  console.log('| folder | files | read by | equal | volumes compared |\n|---|---|---|---|---|');
  for (const [key, group] of byFolder) {
    const libraries = [...new Set(group.map((row) => row.library).filter(Boolean))].join(', ');
    const equal = group.filter((row) => row.verdict === 'equal');
    const volumes = equal.reduce((sum, row) => sum + row.read.length, 0);
    console.log(`| ${key} | ${group.length} | ${libraries} | ${equal.length} | ${volumes} |`);
  }
  console.log('\n| not equal | verdict | reason |\n|---|---|---|');
  for (const row of rows.filter((r) => r.verdict !== 'equal')) {
    console.log(
      `| ${row.path} | ${row.verdict} | ${row.reason.split('\n').join(' ').replaceAll('|', '/')} |`,
    );
  }
}

function keyOf(row) {
  return row.path
    .split('/')
    .slice(0, row.path.startsWith('io/') ? 2 : 1)
    .join('/');
}

function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
