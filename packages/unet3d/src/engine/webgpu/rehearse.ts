import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = new URL('./look-for-adapter.js', import.meta.url);

/** What a process left. */
interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly signal: NodeJS.Signals | null;
}

let asked: Promise<string | undefined> | undefined;

/**
 * Asks for a WebGPU adapter in another process, once: where there is none, Dawn writes that to stderr from its own code, where nobody
 * can catch it, and a driver may end its process.
 *
 * @returns Why there is no adapter, with what the library said; undefined when there is one, or when nothing could be found out.
 */
export function rehearse(): Promise<string | undefined> {
  asked ??= runProgram().then(judge, () => undefined);
  return asked;
}

function judge({ stdout, stderr, signal }: Outcome): string | undefined {
  if (signal !== null) return `its driver ended a process that asked for an adapter (${signal})`;
  try {
    const { reason } = JSON.parse(stdout) as { reason?: string };
    const [said] = stderr.split('\n').filter((line) => /\S/.test(line));
    if (reason === undefined || said === undefined) return reason;
    return `${reason} (${said.replace(/^(Warning|Error): /, '').trim()})`;
  } catch {
    // A bundler may have left the program behind.
    return undefined;
  }
}

function runProgram(): Promise<Outcome> {
  const child = spawn(process.execPath, [fileURLToPath(PROGRAM)], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (_, signal) => resolve({ stdout, stderr, signal }));
  });
}
