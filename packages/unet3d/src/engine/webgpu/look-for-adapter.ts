import { importOptional } from '../import-optional.js';
import { describeAdapter } from './adapter.js';
import { type Dawn, provideGpu } from './provide-gpu.js';

// A program of its own, run by `rehearse`: asks Dawn for an adapter and says on stdout what came of it.
let reason: string | undefined;
try {
  provideGpu(await importOptional<Dawn>('webgpu'));
  await describeAdapter();
} catch (error) {
  reason = (error as Error).message;
}
// What the library does when it is unloaded is of no interest.
process.stdout.write(JSON.stringify({ reason }), () => process.exit(0));
