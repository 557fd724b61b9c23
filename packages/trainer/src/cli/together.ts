import { setTimeout as sleep } from 'node:timers/promises';
import type { OnEvent } from '../training/events.js';
import type { OpenedReplicas } from '../training/replicas/open-replicas.js';
import type { Replicas } from '../training/replicas/replicas.js';
import { fail } from './fail.js';

/** Milliseconds by which the first rank, which has more to do before it finds what is wrong, may come later than the others. */
const FIRST = 3000;
/** Milliseconds by which each rank lets the one before it speak first. */
const TURN = 200;
/** Ranks after this one wait no longer. */
const TURNS = 20;

/**
 * Runs what several processes do together. When it fails in one of them all are ended, since the others would wait for it; one sentence names
 * rank and host. Where several fail of the same, the first of them speaks.
 */
export async function endTogether(
  { replicas, abort }: OpenedReplicas,
  run: (replicas: Replicas) => Promise<void>,
): Promise<void> {
  try {
    await run(replicas);
  } catch (error) {
    const { rank, hosts } = replicas;
    if (rank > 0) await sleep(FIRST + TURN * Math.min(rank, TURNS));
    abort(fail(error, `rank ${rank} on ${hosts[rank]}: `));
  }
}

/** What the other processes tell beside the first: warnings that come up while they train, which are about their own share of the data. */
export function showLateWarnings({ rank, hosts }: Replicas, stream: NodeJS.WriteStream): OnEvent {
  let isTraining = false;
  return (event) => {
    if (event.type === 'begin') isTraining = true;
    if (event.type === 'warning' && isTraining) {
      stream.write(`warning: rank ${rank} on ${hosts[rank]}: ${event.text}\n`);
    }
  };
}
