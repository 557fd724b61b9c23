import { loadAddon } from './addon.js';
import type { MpiStatus } from './api.js';

/** Whether MPI can be used here, and with which library; starts nothing. */
export function mpiStatus(): MpiStatus {
  try {
    // Some libraries add pages about how they were configured.
    return { usable: true, library: loadAddon().library().split('\n')[0].trim() };
  } catch (error) {
    return { usable: false, reason: (error as Error).message };
  }
}
