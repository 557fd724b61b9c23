import { spawnWorker } from '#worker';
import { TransformsError } from '../errors.js';
import { createMaker } from './maker.js';
import { fromPlainError } from './plain-error.js';
import {
  type Extra,
  type Job,
  type Slot,
  transferList,
  type WorkerPort,
  type WorkerSetup,
} from './protocol.js';

export interface Done {
  slot: Slot;
  extra: Extra;
}

/** Those who make batches: worker threads, or nobody but this thread. */
export interface Crew {
  /** Queues a job; rejects with the job's own error, or with the reason of `stop`. */
  run(job: Job): Promise<Done>;
  /** Rejects all that is under way, and ends the workers. */
  stop(reason: unknown): Promise<void>;
}

interface Pending {
  job: Job;
  resolve(done: Done): void;
  reject(reason: unknown): void;
}

interface Member {
  port: WorkerPort;
  current: Pending | null;
}

/** Shared memory stays what it was; memory that was handed over came back under a new name. */
const returned = (sent: Slot, received: Slot): Slot =>
  transferList(received).length === 0 ? sent : received;

/** Makes batches in this thread. */
export function createLocalCrew(setup: WorkerSetup): Crew {
  const make = createMaker(setup);
  return {
    run: async (job) => ({ slot: job.slot, extra: make(job) }),
    stop: async () => {},
  };
}

/** Makes batches in worker threads or web workers; each has one job at a time. */
export function createWorkerCrew(setup: WorkerSetup, size: number): Crew {
  const waiting: Pending[] = [];
  const members: Member[] = [];
  let stopped: { reason: unknown } | null = null;
  let ended: Promise<void> = Promise.resolve();
  let nextId = 0;

  function stop(reason: unknown): Promise<void> {
    if (stopped !== null) return ended;
    stopped = { reason };
    for (const pending of waiting.splice(0)) pending.reject(reason);
    for (const { current } of members) current?.reject(reason);
    ended = Promise.all(members.map(({ port }) => port.terminate())).then(() => undefined);
    return ended;
  }

  function dispatch(): void {
    for (const member of members) {
      if (waiting.length === 0) return;
      if (member.current !== null) continue;
      const pending = waiting.shift() as Pending;
      member.current = pending;
      member.port.setBusy(true);
      member.port.post({ id: nextId++, job: pending.job }, transferList(pending.job.slot));
    }
  }

  for (let n = 0; n < size; n++) {
    const member: Member = {
      current: null,
      port: spawnWorker({
        onMessage(message) {
          const pending = member.current;
          if (pending === null || stopped !== null) return;
          member.current = null;
          member.port.setBusy(false);
          if ('error' in message) pending.reject(fromPlainError(message.error));
          else
            pending.resolve({
              slot: returned(pending.job.slot, message.slot),
              extra: message.extra,
            });
          dispatch();
        },
        onFailure(cause) {
          const why = cause instanceof Error ? cause.message : String(cause);
          void stop(new TransformsError('worker', `A batch worker failed: ${why}`, {}, { cause }));
        },
      }),
    };
    members.push(member);
    member.port.post({ setup }, []);
  }

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        if (stopped !== null) {
          reject(stopped.reason);
          return;
        }
        waiting.push({ job, resolve, reject });
        dispatch();
      }),
    stop,
  };
}
