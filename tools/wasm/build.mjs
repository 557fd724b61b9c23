// Compiles the packages' C kernels to WebAssembly, base64 in a module of TypeScript. What it makes is committed.
//
//   node tools/wasm/build.mjs        (CLANG: the compiler, default clang)
//
// Needs clang and wasm-ld (Debian: clang lld), version 14 or later.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KERNELS = [
  {
    folder: 'transforms',
    sources: ['wasm/kernels.c'],
    target: 'src/kernels/wasm-bytes.ts',
  },
  {
    folder: 'transforms',
    sources: ['resample', 'intensity', 'filter', 'fourier', 'permute'].map(
      (name) => `wasm/augment/${name}.c`,
    ),
    target: 'src/augment-kernels/wasm-bytes.ts',
  },
  {
    folder: 'volume-io',
    sources: ['wasm/resample.c'],
    target: 'src/ops/kernels/wasm-bytes.ts',
  },
  {
    folder: 'inference',
    sources: ['wasm/window-sums.c'],
    target: 'src/window/kernels/wasm-bytes.ts',
  },
];

const scratch = mkdtempSync(join(tmpdir(), 'genesis-wasm-'));
for (const { folder, sources, target } of KERNELS) {
  const root = fileURLToPath(new URL(`../../packages/${folder}/`, import.meta.url));
  const wasm = join(scratch, `${folder}.wasm`);
  execFileSync(
    process.env.CLANG ?? 'clang',
    [
      '--target=wasm32',
      '-O3',
      '-msimd128',
      '-mbulk-memory',
      '-ffp-contract=off',
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
      ...sources.map((source) => join(root, source)),
    ],
    { stdio: 'inherit' },
  );
  const lines = readFileSync(wasm)
    .toString('base64')
    .match(/.{1,88}/g)
    .map((line) => `  '${line}'`);
  writeFileSync(
    join(root, target),
    `/** ${sources.join(', ')}, compiled by tools/wasm/build.mjs; base64. */\nexport const wasmBytes: string = [\n${lines.join(',\n')},\n].join('');\n`,
  );
}
rmSync(scratch, { recursive: true });
