import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readHeader, readVolume } from '@genesis/volume-io';
import test from 'ava';

const DATA =
  process.env.GENESIS_DATA ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** Of files and series whose voxels pydicom and SimpleITK read alike: see packages/volume-io/test/reference/dicom_compare.py. */
const digests: Record<string, string> = JSON.parse(
  readFileSync(new URL('../../test/fixtures/dicom-digests.json', import.meta.url), 'utf8'),
);

const found = Object.keys(digests).filter((name) => existsSync(join(DATA, name)));
const withData = found.length > 0 ? test : test.skip;

withData(
  'real DICOM files and series have the voxels that pydicom and SimpleITK find',
  async (t) => {
    t.timeout(120_000);
    for (const name of found) t.is(await digest(join(DATA, name)), digests[name], name);
  },
);

/** SHA-256 of all values as little-endian float64: volume, component, then i fastest. */
async function digest(path: string): Promise<string> {
  const { volumes, components } = await readHeader(path);
  const hash = createHash('sha256');
  for (let volumeIndex = 0; volumeIndex < volumes; volumeIndex++) {
    for (let component = 0; component < components; component++) {
      const { data } = await readVolume(path, { volumeIndex, component });
      const values = new Float64Array(data.data);
      // Minus zero is zero.
      for (let n = 0; n < values.length; n++) values[n] = values[n] + 0;
      hash.update(new Uint8Array(values.buffer));
    }
  }
  return hash.digest('hex');
}
