import { loadAddon } from './addon.js';
import type { MpiStatus } from './api.js';

/** Whether MPI can be used here, and with which library; starts nothing. */
export function mpiStatus(): MpiStatus {
  try {
    // Some libraries add pages about how they were configured.
    const [library] = loadAddon().library().split(/[\n,]/);
    return { usable: true, library: library.replace(/\s+/g, ' ').trim() };
  } catch (error) {
    return { usable: false, reason: (error as Error).message };
  }
}
