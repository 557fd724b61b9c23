/**
 * Listens for Ctrl-C and SIGTERM. The first one aborts the signal, so that the step is finished and the run saved; from
 * then on the system's own handling is back, and a second one ends the process at once, even inside a long step.
 *
 * @param say - Tells the user; whoever draws on the terminal clears it first.
 */
export function listenForInterrupt(say: (text: string) => void): Interrupt {
  const controller = new AbortController();
  let code: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    code = signal === 'SIGINT' ? 130 : 143;
    release();
    say('stopping after this step and saving; press Ctrl-C again to quit at once');
    controller.abort();
  };
  const release = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return { signal: controller.signal, exitCode: () => code, release };
}

export interface Interrupt {
  readonly signal: AbortSignal;
  /** 130 after Ctrl-C, 143 after SIGTERM, undefined when nothing came. */
  exitCode(): number | undefined;
  /** Stops listening. */
  release(): void;
}
