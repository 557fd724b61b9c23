// Two hosts on one machine: network namespaces with addresses and names of their own, a bridge between them, Open MPI over
// TCP, the bandwidth limited by tc. Measures training steps at each bandwidth beside the model of mpi-model.mjs, whose latency
// and handling are taken from the collectives alone on the unlimited link. Needs root, ip, tc (tbf) and Open MPI.
//
//   node tools/bench/mpi-hosts.mjs [gbit …]      default: 10 1 0.1
//   node tools/bench/mpi-hosts.mjs --run ARGS    runs `genesis ARGS` on the two hosts instead
//   node tools/bench/mpi-hosts.mjs --known       prints when the gradients of the reference's network are known, for the model

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step } from './mpi-model.mjs';

const HOSTS = 2;
const NETWORK = '10.77.0';
const BUCKET_MB = 0.5;
const NET = { width: 8, levels: 4, crop: [32, 32, 32], share: 1, bucketMb: BUCKET_MB };

const run = (command) => execFileSync('sh', ['-c', command], { stdio: 'pipe', encoding: 'utf8' });
const quietly = (command) => spawnSync('sh', ['-c', command], { stdio: 'ignore' });
const script = fileURLToPath(new URL('mpi-step.mjs', import.meta.url));
const genesis = fileURLToPath(new URL('../../packages/trainer/bin/genesis.js', import.meta.url));

function up() {
  run('ip link add gbridge type bridge && ip link set gbridge up');
  run(`ip addr add ${NETWORK}.254/24 dev gbridge`);
  for (let n = 1; n <= HOSTS; n++) {
    run(`ip netns add ghost${n} && ip link add gveth${n} type veth peer name eth0 netns ghost${n}`);
    run(`ip link set gveth${n} master gbridge up`);
    run(`ip netns exec ghost${n} ip addr add ${NETWORK}.${n}/24 dev eth0`);
    run(`ip netns exec ghost${n} sh -c 'ip link set lo up && ip link set eth0 up'`);
  }
}

function down() {
  for (let n = 1; n <= HOSTS; n++) quietly(`ip netns del ghost${n}; ip link del gveth${n}`);
  quietly('ip link del gbridge');
}

/** Limits what each host sends; undefined: no limit. */
function limit(gbit) {
  for (let n = 1; n <= HOSTS; n++) {
    quietly(`ip netns exec ghost${n} tc qdisc del dev eth0 root`);
    if (gbit === undefined) continue;
    // A burst of some milliseconds, as a switch has; smaller ones are slower than the rate.
    const burst = Math.max(32, Math.round(gbit * 1000));
    const queue = `tbf rate ${gbit * 1000}mbit burst ${burst}kb latency 50ms`;
    run(`ip netns exec ghost${n} tc qdisc add dev eth0 root ${queue}`);
  }
}

/** Starts Node on all hosts; each is reached through its namespace, under a name of its own. */
function onHosts(agent, args, inherit = false) {
  const addresses = Array.from({ length: HOSTS }, (_, n) => `${NETWORK}.${n + 1}`);
  const flags = `--host ${addresses.join(',')} -np ${HOSTS} --map-by node --bind-to none`.split(
    ' ',
  );
  const mca = {
    plm_rsh_agent: agent,
    btl: 'tcp,self',
    pml: 'ob1',
    btl_tcp_if_include: `${NETWORK}.0/24`,
    oob_tcp_if_include: `${NETWORK}.0/24`,
  };
  const settings = Object.entries(mca).flatMap(([key, value]) => ['--mca', key, value]);
  const { status, stdout, stderr } = spawnSync(
    'mpirun',
    [...flags, ...settings, process.execPath, ...args],
    {
      encoding: 'utf8',
      stdio: inherit ? 'inherit' : 'pipe',
      env: { ...process.env, OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1' },
    },
  );
  if (status !== 0 && !inherit) throw new Error(stderr);
  return inherit ? status : JSON.parse(stdout.trim().split('\n').at(-1));
}

function alone(opts) {
  return JSON.parse(run(`${process.execPath} ${script} '${JSON.stringify(opts)}'`));
}

function measure(agent, rates) {
  limit(undefined);
  // Without the network but with the other host at work: they share this machine's memory and caches.
  const single = onHosts(agent, [
    script,
    JSON.stringify({ ...NET, steps: 20, communicate: false }),
  ]);
  const work = {
    known: single.known,
    backward: single.backward + single.exposed,
    update: single.step - single.backward - single.exposed,
  };
  console.log(
    `${single.parameters} weights, each host by itself ${(1000 * single.step).toFixed(1)} ms a step`,
  );
  console.log('Gbit/s\toverlap\tas\tstep ms\tmodel ms\tratio\tefficiency\tof the model\texposed');
  for (const gbit of rates) {
    limit(gbit);
    // Latency and handling of this link, by two sizes; the rate is tc's.
    const { collectives } = onHosts(agent, [
      script,
      JSON.stringify({ mode: 'collectives', steps: 15, sizes: [8, 2 ** 19] }),
    ]);
    const latency = collectives[8] / 2;
    const bandwidth = (0.956 * gbit * 1e9) / 8;
    const handling = Math.max(0, (collectives[2 ** 19] - collectives[8]) / 2 ** 19 - 1 / bandwidth);
    for (const [overlap, reduceAs] of [
      [true, 'float32'],
      [false, 'float32'],
      [true, 'float16'],
    ]) {
      const found = onHosts(agent, [
        script,
        JSON.stringify({ ...NET, steps: gbit < 1 ? 8 : 14, overlap, reduceAs }),
      ]);
      const expected = step(work, {
        nodes: HOSTS,
        link: { latency, bandwidth, handling },
        bucket: BUCKET_MB * 2 ** 20,
        overlap,
        half: reduceAs === 'float16',
      });
      const percent = (value) => `${(100 * value).toFixed(0)} %`;
      console.log(
        [
          gbit,
          overlap ? 'yes' : 'no',
          reduceAs,
          (1000 * found.step).toFixed(1),
          (1000 * expected).toFixed(1),
          (found.step / expected).toFixed(2),
          percent(single.step / found.step),
          percent(single.step / expected),
          percent(found.exposed / found.step),
        ].join('\t'),
      );
    }
  }
}

const args = process.argv.slice(2);
if (args[0] === '--known') {
  const { known, step: total } = alone({
    width: 32,
    levels: 4,
    crop: [64, 64, 32],
    share: 1,
    steps: 3,
    threads: 2,
  });
  console.log(JSON.stringify(known.map(([bytes, at]) => [bytes, Number((at / total).toFixed(3))])));
  process.exit();
}
const folder = mkdtempSync(join(tmpdir(), 'genesis-hosts-'));
const agent = join(folder, 'agent.sh');
writeFileSync(
  agent,
  `#!/bin/sh\nn=\${1##*.}; shift\nexec ip netns exec ghost$n unshare --uts sh -c "hostname ghost$n; $*"\n`,
  { mode: 0o755 },
);
down();
up();
try {
  if (args[0] === '--run') process.exitCode = onHosts(agent, [genesis, ...args.slice(1)], true);
  else measure(agent, args.length > 0 ? args.map(Number) : [10, 1, 0.1]);
} finally {
  down();
  rmSync(folder, { recursive: true });
}
