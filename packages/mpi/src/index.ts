export type {
  Communicator,
  FloatArray,
  HalfOpts,
  Launch,
  MpiStatus,
  ReduceOperation,
  World,
} from './api.js';
export { MpiError, type MpiErrorCode } from './errors.js';
export { launchedBy } from './launched-by.js';
export { mpiStatus } from './mpi-status.js';
export { mpiWorld } from './mpi-world.js';
