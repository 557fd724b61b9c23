// Reading a folder of 275 DICOM slices of 512×512 to a float32 volume, beside pydicom and SimpleITK.
//
//   PYTHON=python3 node tools/bench/dicom.mjs        needs pydicom, SimpleITK and a CT series to make slices from
//
// GENESIS_DATA (default ../shared/data) must hold dicom_series/Lung_Dx-A0002_B40f. Rounds are interleaved; each process
// reads three times and its median counts, so that start-up and compilation are not what is measured. Peak memory is
// that of the process above its size before reading, in sizes of the volume.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 3;
const READS = 3;
const here = fileURLToPath(new URL('.', import.meta.url));
const python = process.env.PYTHON ?? 'python3';

if (process.argv[2] === 'read') {
  await readOnce(process.argv[3]);
} else {
  compare();
}

async function readOnce(folder) {
  const { readVolume } = await import('@genesis/volume-io');
  const before = process.memoryUsage().rss;
  const times = [];
  let volume;
  for (let n = 0; n < READS; n++) {
    volume = undefined;
    global.gc?.();
    const start = performance.now();
    volume = await readVolume(folder, { dtype: 'float32' });
    times.push((performance.now() - start) / 1000);
  }
  const { data } = volume;
  let checksum = 0;
  for (let k = 0; k < data.shape[2]; k += 25) {
    for (let j = 0; j < data.shape[1]; j += 64) {
      for (let i = 0; i < data.shape[0]; i += 64) checksum += data.get(i, j, k);
    }
  }
  const peak = (process.resourceUsage().maxRSS * 1024 - before) / data.data.byteLength;
  console.log(JSON.stringify({ times, checksum, peak }));
}

function compare() {
  const source = join(
    process.env.GENESIS_DATA ?? join(here, '../../../shared/data'),
    'dicom_series/Lung_Dx-A0002_B40f',
  );
  if (!existsSync(source)) throw new Error(`no series to make slices from: ${source}`);
  const folder = mkdtempSync(join(tmpdir(), 'genesis-dicom-'));
  try {
    execFileSync(python, [join(here, 'dicom.py'), 'make', folder, source]);
    const results = { genesis: [], pydicom: [], sitk: [] };
    for (let round = 0; round < ROUNDS; round++) {
      results.genesis.push(
        JSON.parse(
          execFileSync(process.execPath, [
            '--expose-gc',
            fileURLToPath(import.meta.url),
            'read',
            folder,
          ]),
        ),
      );
      for (const reader of ['pydicom', 'sitk']) {
        const text = execFileSync(python, [
          join(here, 'dicom.py'),
          'time',
          folder,
          reader,
          String(READS),
        ]);
        results[reader].push(JSON.parse(String(text).replaceAll("'", '"')));
      }
    }
    print(results);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function print(results) {
  const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
  const own = median(results.genesis.map((r) => median(r.times)));
  for (const [name, rounds] of Object.entries(results)) {
    const seconds = median(rounds.map((r) => median(r.times)));
    const first = median(rounds.map((r) => r.times[0]));
    const peak = median(rounds.map((r) => r.peak));
    console.log(
      `${name.padEnd(8)} ${seconds.toFixed(3)} s (first read ${first.toFixed(3)} s)  ${(seconds / own).toFixed(2)}× our time  peak ${peak.toFixed(2)} volumes  checksum ${rounds[0].checksum}`,
    );
  }
}
