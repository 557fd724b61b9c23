// Compiles resample.c to src/ops/kernels/wasmBytes.ts. Command: node wasm/build.mjs
// Needs clang and wasm-ld (Debian: clang lld), version 14 or later.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const wasm = join(mkdtempSync(join(tmpdir(), 'genesis-wasm-')), 'resample.wasm');
execFileSync(
  process.env.CLANG ?? 'clang',
  [
    '--target=wasm32',
    '-O3',
    '-msimd128',
    '-mbulk-memory',
    '-nostdlib',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-Wl,--no-entry',
    '-Wl,--import-memory',
    '-Wl,--strip-all',
    '-Wl,-z,stack-size=4096',
    '-o',
    wasm,
    here('resample.c'),
  ],
  { stdio: 'inherit' },
);
const lines = readFileSync(wasm)
  .toString('base64')
  .match(/.{1,88}/g)
  .map((line) => `  '${line}'`);
writeFileSync(
  here('../src/ops/kernels/wasmBytes.ts'),
  `/** wasm/resample.c, compiled by wasm/build.mjs; base64. */\nexport const wasmBytes: string = [\n${lines.join(',\n')},\n].join('');\n`,
);
