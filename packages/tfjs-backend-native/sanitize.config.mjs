// ava's configuration for the target `sanitize`: minutes of compiling and running, apart from the other tests.
export default {
  files: ['build/test/sanitize/*.test.js'],
  nodeArguments: ['--enable-source-maps'],
  timeout: '15m',
  workerThreads: false,
};
