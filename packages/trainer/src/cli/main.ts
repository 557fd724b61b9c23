#!/usr/bin/env node
import { fail } from './fail.js';
import { createProgram } from './program.js';

// Output that is cut off by a pipe (genesis info DIR | head) is no failure. A training that tells its progress to somebody who has gone
// saves and stops, as when it is told to.
let isCut = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  if (isCut) return;
  isCut = true;
  if (process.listenerCount('SIGTERM') === 0) process.exit(0);
  process.emit('SIGTERM', 'SIGTERM');
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}
