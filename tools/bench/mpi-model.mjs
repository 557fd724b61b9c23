// What a step of data-parallel training takes, from what it computes, when its gradients become known, and the network between the
// nodes. As a command it prints the table of the guide:
//
//   node tools/bench/mpi-model.mjs [seconds of a step on one node]

import { pathToFileURL } from 'node:url';

/**
 * Seconds of an all-reduce of `bytes`, as @genesis/mpi makes it: 2 log₂ n rounds where n is a power of two, else 2 (n − 1), in
 * which each byte travels 2 (n − 1) ÷ n times.
 *
 * @param link - latency: seconds of one round beside its bytes; bandwidth: bytes a second; handling: seconds of a byte for
 *   copying, adding and the protocol, on the node's processor.
 */
export function reduction(nodes, bytes, { latency, bandwidth, handling = 0 }) {
  if (nodes === 1) return 0;
  const rounds = Number.isInteger(Math.log2(nodes)) ? 2 * Math.log2(nodes) : 2 * (nodes - 1);
  return rounds * latency + ((2 * (nodes - 1)) / nodes) * bytes * (1 / bandwidth + handling);
}

/** Gradients as they become known, [bytes, seconds], in messages of `bucket` bytes that are ready with their last gradient. */
export function messages(known, bucket) {
  const sent = [];
  let bytes = 0;
  for (const [size, at] of known) {
    bytes += size;
    while (bytes >= bucket) {
      sent.push([bucket, at]);
      bytes -= bucket;
    }
  }
  if (bytes > 0) sent.push([bytes, known[known.length - 1][1]]);
  return sent;
}

/**
 * Seconds of a step.
 *
 * @param work - backward: seconds until all gradients are known; update: seconds after they are summed; known: see `messages`.
 * @param opts - nodes, link, bucket (bytes), overlap; group: nodes of one switch or host whose sums are made first, over
 *   `inner`; half: gradients travel as halves.
 */
export function step(
  work,
  { nodes, link, bucket, overlap = true, half = false, group = 1, inner },
) {
  const scale = half ? 0.5 : 1;
  let free = 0;
  for (const [bytes, at] of messages(work.known, bucket)) {
    const ready = overlap ? at : work.backward;
    const size = bytes * scale;
    const within = group > 1 ? reduction(group, size, inner) : 0;
    free =
      Math.max(free, ready) +
      within +
      reduction(nodes / group, size / (group > 1 ? group : 1), link);
  }
  return Math.max(free, work.backward) + work.update;
}

/** Bytes of the weights of the reference's network (19 M), from the last layer to the first, and the share of the step at which each is known. */
function reference(seconds) {
  // [bytes, share of the step], merged by level: measured on one core, 64×64×32 (see mpi-hosts.mjs --known).
  const levels = REFERENCE_KNOWN.map(([bytes, share]) => [bytes, share * seconds]);
  return { known: levels, backward: 0.985 * seconds, update: 0.015 * seconds };
}

/** Of `unet3d` with 32 channels and 4 levels: gradients from the last layer to the first. */
// biome-ignore format: a list of numbers
export const REFERENCE_KNOWN = [[443140,0.364],[1327872,0.566],[524544,0.632],[1771008,0.666],[5309952,0.745],[2097664,0.768],[7080960,0.79],[21236736,0.839],[8389632,0.855],[14161920,0.868],[7081984,0.875],[3542016,0.888],[1771520,0.893],[886272,0.914],[443392,0.923],[226048,0.981]];

const GBIT = 1e9 / 8;
/** What TCP carries of a link, and what its messages wait. */
const TCP = { share: 0.94, latency: 50e-6 };

function table(seconds) {
  const work = reference(seconds);
  const single = work.backward + work.update;
  const bucket = 4 * 2 ** 20;
  console.log(`step of one node ${seconds} s, 19 M weights, messages of 4 MB, efficiency in %`);
  console.log(['nodes', '1 Gbit/s', '10', '25', '100', '1 half', '10 hier.'].join('\t'));
  for (let nodes = 2; nodes <= 1024; nodes *= 2) {
    const at = (gbit, more = {}) => {
      const link = { latency: TCP.latency, bandwidth: TCP.share * gbit * GBIT, handling: 0.2e-9 };
      return ((100 * single) / step(work, { nodes, link, bucket, ...more })).toFixed(0);
    };
    const inner = { latency: 2e-6, bandwidth: 5e9 };
    const groups = nodes >= 16 ? { group: 8, inner } : {};
    console.log(
      [nodes, at(1), at(10), at(25), at(100), at(1, { half: true }), at(10, groups)].join('\t'),
    );
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) table(Number(process.argv[2] ?? 2));
