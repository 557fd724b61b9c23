// Run by every rank; each says what it found as one line of JSON.
import { mpiWorld } from '@genesis/mpi';

const world = mpiWorld();
const { rank, size } = world;
const said = { rank, size, hosts: world.hosts.length, local: [world.localRank, world.localSize] };

const a = Float32Array.from({ length: 1001 }, (_, n) => n * (rank + 1));
const b = new Float32Array([rank]);
const d = Float64Array.of(2 ** -40 + rank, -rank);
const largest = Float32Array.of(rank, -rank);
let ticks = 0;
const clock = setInterval(() => ticks++, 1);
// Several under way at once.
await Promise.all([
  world.allReduce([a, b]),
  world.allReduce(d),
  world.allReduce(largest, 'max'),
  world.barrier(),
]);
said.sums = [a[1], a[1000], b[0], ...d, ...largest];

const now = Float64Array.of(rank, 1);
world.allReduceSync(now);
said.sync = [...now];

const sent = Uint16Array.from([rank + 7, 65535]);
await world.broadcast(sent, size - 1);
said.broadcast = [...sent];

const bytes = await world.allGather(new TextEncoder().encode('é'.repeat(rank)));
said.gathered = bytes.map((one) => new TextDecoder().decode(one));

const group = await world.split(rank % 2, -rank);
const inGroup = Float64Array.of(rank);
await group.allReduce(inGroup);
said.group = [group.rank, group.size, inGroup[0]];

// The others wait for the last, and their event loops go on.
const before = ticks;
if (rank === size - 1) await new Promise((done) => setTimeout(done, 500));
await world.barrier();
said.ticked = ticks > before;
clearInterval(clock);

const errors = [];
for (const wrong of [
  () => world.allReduce(new Int32Array(3)),
  () => world.allReduce([new Float32Array(1), new Float64Array(1)]),
  () => world.allReduceHalf(new Float32Array(2), { scale: 1, residual: new Float32Array(1) }),
]) {
  try {
    wrong();
  } catch (error) {
    errors.push(error.code);
  }
}
await world.split(-1).catch((error) => errors.push(error.code));
said.errors = errors;
console.log(JSON.stringify(said));
