// One rank ends in a way that would leave the others waiting.
import { mpiWorld } from '@genesis/mpi';

const world = mpiWorld();
const how = process.argv[2];
if (world.rank === 1) {
  if (how === 'throw') throw new Error('this rank cannot go on');
  if (how === 'abort') world.abort(7);
  if (how === 'kill') process.kill(process.pid, 'SIGKILL');
  if (how === 'exit') process.exit(0);
}
if (how === 'exit') process.exit(0);
await world.barrier();
console.log('not reached');
