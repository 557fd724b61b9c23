#!/usr/bin/env node
import { fail } from './fail.js';
import { createProgram } from './program.js';

// Output that is cut off by a pipe (genesis info DIR | head) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = fail(error);
}
