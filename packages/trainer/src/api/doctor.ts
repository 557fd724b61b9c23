import os from 'node:os';
import { type MpiStatus, mpiStatus } from '@genesis/mpi';
import { type EngineStatus, probeEngines, selectEngine } from '@genesis/unet3d';
import { describeDetails } from '../model/open-engine.js';
import { slowEngineLine } from '../model/slow-engine.js';
import { versions } from '../run/write-run-info.js';

/** What this machine offers for training. */
export interface DoctorReport {
  readonly versions: ReturnType<typeof versions>;
  readonly cpu: { readonly model: string; readonly cores: number };
  /** Bytes. */
  readonly memory: { readonly total: number; readonly free: number };
  readonly engines: readonly (EngineStatus & { readonly summary: string })[];
  /** The engine that 'auto' takes. */
  readonly auto: string;
  /** What to do when that is slow. */
  readonly advice?: string | undefined;
  /** Whether several processes can train together. */
  readonly mpi: MpiStatus;
}

/** Tries every engine and describes the machine. */
export async function doctor(): Promise<DoctorReport> {
  const engines = await probeEngines();
  const { name } = await selectEngine('auto');
  return {
    versions: versions(),
    cpu: { model: os.cpus()[0]?.model.trim() ?? 'unknown', cores: os.availableParallelism() },
    memory: { total: os.totalmem(), free: os.freemem() },
    engines: engines.map((engine) => ({
      ...engine,
      summary: engine.usable ? describeDetails(engine.details) : (engine.reason ?? ''),
    })),
    auto: name,
    advice: slowEngineLine({ name }),
    mpi: mpiStatus(),
  };
}
