/** The addon cannot be built; the message says why and what to do. */
export class BuildError extends Error {
  code = 'build-failed';
}

/** This machine has no compiler for the addon. */
export class NoCompilerError extends BuildError {}
