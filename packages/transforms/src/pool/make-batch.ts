import { createRng } from '@genesis/core';
import ndarray from 'ndarray';
import type { Labels, ProxyTask, VolumeArray } from '../api.js';
import { TransformsError } from '../errors.js';
import { createTask, type TaskName } from '../tasks/create-task.js';
import type { CropRef, Job, TaskSlot, WorkerSetup } from './protocol.js';

/** Makes batches of a task. */
export function createBatchMaker(
  setup: Extract<WorkerSetup, { kind: 'task' }>,
): (job: Job<TaskSlot, CropRef>) => readonly Labels[] | null {
  const { shape, channels, seed } = setup;
  const task: ProxyTask = createTask(setup.task.name as TaskName, setup.task.opts as object);
  const full = [...shape, channels];
  const size = full.reduce((product, n) => product * n, 1);

  function view(data: Float32Array, i: number, rank: number): VolumeArray {
    const sample = ndarray(data.subarray(i * size, (i + 1) * size), full);
    return rank === 3 ? sample.pick(null, null, null, 0) : sample;
  }

  return ({ epoch, indices, refs, slot }) => {
    const labels: Labels[] = [];
    for (const [i, ref] of refs.entries()) {
      const crop = ndarray(ref.data, ref.shape, ref.stride, ref.offset);
      const rank = crop.dimension;
      const wanted = rank === 3 && channels === 1 ? shape : full;
      if (rank !== wanted.length || wanted.some((n, axis) => n !== crop.shape[axis])) {
        throw new TransformsError(
          'shape',
          `Crop ${indices[i]} of epoch ${epoch} has shape [${crop.shape.join(', ')}]; the pool makes [${wanted.join(', ')}].`,
          { index: indices[i], epoch },
        );
      }
      const out = { input: view(slot.input, i, rank), target: view(slot.target, i, rank) };
      const sample = task.make(crop, createRng(seed, epoch, indices[i]), { out });
      if (sample.labels !== undefined) labels.push(sample.labels);
    }
    return labels.length > 0 ? labels : null;
  };
}
