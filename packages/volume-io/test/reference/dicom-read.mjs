// Reads DICOM files and folders for dicom_compare.py: one JSON request a line on stdin, one JSON answer a line on stdout.
// Requests: {"list": folder}, and {"path", "out", "series"?}. Voxels go to `out` as little-endian float64, volume by volume, component by
// component, i fastest.
import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { listVolumes, readHeader, readVolume, VolumeIoError } from '@genesis/volume-io';

for await (const line of createInterface({ input: process.stdin })) {
  const { list, path, out, series } = JSON.parse(line);
  try {
    const answer = list ? { entries: await listVolumes(list) } : await read(path, out, series);
    console.log(JSON.stringify(answer));
  } catch (error) {
    const typed = error instanceof VolumeIoError;
    console.log(
      JSON.stringify({
        error: typed ? error.code : 'CRASH',
        message: String(typed ? error.message : error.stack),
      }),
    );
  }
}

async function read(path, out, series) {
  const opts = series === undefined ? {} : { series };
  const header = await readHeader(path, opts);
  const file = openSync(out, 'w');
  let dtype;
  try {
    for (let volumeIndex = 0; volumeIndex < header.volumes; volumeIndex++) {
      for (let component = 0; component < header.components; component++) {
        const volume = await readVolume(path, { ...opts, volumeIndex, component });
        dtype = volume.data.data.constructor.name;
        writeSync(file, Buffer.from(Float64Array.from(volume.data.data).buffer));
      }
    }
  } finally {
    closeSync(file);
  }
  const { shape, volumes, components, notes } = header;
  return { shape, volumes, components, dtype, affine: [...header.affine], notes };
}
