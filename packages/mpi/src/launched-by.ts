import type { Launch } from './api.js';

/** The variables by which launchers tell the number of processes, most telling first. */
const SIZES = [
  ['Open MPI', 'OMPI_COMM_WORLD_SIZE'],
  ['PMI', 'PMI_SIZE'],
] as const;

/**
 * Who has started this process together with others; undefined for one that was started alone. Nothing of MPI is loaded.
 *
 * @param env - Default: this process's.
 */
export function launchedBy(env: NodeJS.ProcessEnv = process.env): Launch | undefined {
  for (const [launcher, variable] of SIZES) {
    const size = Number(env[variable]);
    if (Number.isInteger(size) && size > 0) return { launcher, size };
  }
  // srun says how many tasks a step has for every step, MPI or not; only its PMIx plugin sets the other one.
  const tasks = Number(env.SLURM_STEP_NUM_TASKS);
  if (env.PMIX_RANK !== undefined && tasks > 0) return { launcher: 'PMIx', size: tasks };
  return undefined;
}
