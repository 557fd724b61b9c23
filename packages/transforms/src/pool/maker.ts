import { createBatchMaker } from './make-batch.js';
import { createPairMaker } from './make-pairs.js';
import type { CropRef, Extra, Job, PairRef, PairSlot, TaskSlot, WorkerSetup } from './protocol.js';

/** Makes batches, in a worker or in process: sample i of an epoch depends on nothing else. */
export function createMaker(setup: WorkerSetup): (job: Job) => Extra {
  if (setup.kind === 'task') {
    const make = createBatchMaker(setup);
    return (job) => make(job as Job<TaskSlot, CropRef>);
  }
  const make = createPairMaker(setup);
  return (job) => make(job as Job<PairSlot, PairRef>);
}
