import { createBatchPool, createRng } from '@genesis/transforms';
import ndarray from 'ndarray';

const shape = [64, 64, 32] as const;
const size = 64 * 64 * 32;

/** Makes 25 batches in web workers and says how fast that was. */
export async function measurePool(): Promise<string> {
  const crop = ndarray(new Float32Array(size), [...shape]);
  createRng(0).fillUniform(crop.data);
  const workers = Math.max(1, Math.min(4, navigator.hardwareConcurrency));
  const pool = createBatchPool({
    task: { name: 'genesis' },
    shape,
    batchSize: 8,
    workers,
    seed: 0,
    crops: () => crop,
  });
  const indices = Array.from({ length: 200 }, (_, i) => i);
  let made = 0;
  const start = performance.now();
  for await (const { input } of pool.batches({ epoch: 0, indices })) made += input.shape[0];
  const seconds = (performance.now() - start) / 1e3;
  await pool.close();
  const memory = crossOriginIsolated ? 'shared memory' : 'memory passed over';
  return `${made} pairs, ${(made / seconds).toFixed(0)}/s, ${workers} workers, ${memory}`;
}
