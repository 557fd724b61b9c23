import { join } from 'node:path';
import { tempFolder } from '@genesis/testing';
import { type EngineUnavailableError, selectEngine } from '@genesis/unet3d';
import test from 'ava';
import { interruptAndResume } from '../helpers/interrupt-and-resume.js';
import { writePhantoms } from '../helpers/volumes.js';

/** Why there is no graphics device; undefined where there is one, or a software driver. */
const reason = await selectEngine('webgpu').then(
  () => undefined,
  (error: EngineUnavailableError) => error.reason,
);
const onGpu = reason === undefined ? test : test.skip;

onGpu(
  `Ctrl-C and --resume give the weights of an uninterrupted run, bit by bit: pretrain on webgpu${reason === undefined ? '' : ` (${reason})`}`,
  async (t) => {
    t.timeout(600_000, 'a software driver compiles every kernel, and computes on the processor');
    const folder = await tempFolder(t);
    await writePhantoms(join(folder, 'in'), 4, [32, 32, 32]);
    const args = ['pretrain', '--engine', 'webgpu', '--data', join(folder, 'in')];
    const network = ['--crop', '16,16,16', '--width', '2', '--levels', '2', '--batch', '2'];
    const length = ['--epochs', '3', '--crops-per-volume', '8', '--validation-crops', '4'];
    const how = ['--optimizer', 'adam', '--clip-norm', '1'];
    await interruptAndResume(t, folder, [...args, ...network, ...length, ...how], []);
  },
);
