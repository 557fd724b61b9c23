#!/usr/bin/env node
// A file of its own, so that npm can link the command in a clone that is not built yet.
import '../dist/cli/main.js';
