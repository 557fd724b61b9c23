// The world from a worker and from the main thread, one of them ending before the process; the worker alone; never.
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { mpiWorld } from '@genesis/mpi';

const sum = async () => {
  const values = Float64Array.of(1);
  await mpiWorld().allReduce(values);
  return values[0];
};
if (!isMainThread) {
  const total = await sum();
  if (workerData === 'leave') {
    // Ends while the others have not answered yet.
    mpiWorld().barrier();
    process.exit();
  }
  if (total !== mpiWorld().size) process.exit(3);
} else {
  const mode = process.argv[2];
  const worker = new Worker(new URL(import.meta.url), { workerData: mode });
  const code = await new Promise((done) => worker.once('exit', done));
  if (mode === 'both' || mode === 'leave') console.log(code, await sum());
  else console.log(code, mpiWorld === undefined);
}
