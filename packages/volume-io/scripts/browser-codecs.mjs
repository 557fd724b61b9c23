// Bundles the OpenJPEG and CharLS decoders for browsers into dist/codecs, each with its WebAssembly inside.
//
//   node scripts/browser-codecs.mjs        (part of `npm run build`)
//
// As they come, they ask for Node's 'fs' and 'path', which bundlers for browsers refuse, and for a URL of their .wasm.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const codec of ['openjpeg', 'charls']) {
  const name = `@cornerstonejs/codec-${codec}`;
  await build({
    stdin: {
      contents: `
        import factory from '${name}/decodewasmjs';
        import wasmBinary from '${name}/decodewasm';
        export default (opts) => factory({ ...opts, wasmBinary });`,
      resolveDir: root,
    },
    outfile: `${root}/dist/codecs/${codec}.js`,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    loader: { '.wasm': 'binary' },
    plugins: [{ name: 'no-node', setup: withoutNode }],
    logLevel: 'error',
  });
}

/** 'fs' and 'path' stand in branches that only Node takes. */
function withoutNode(bundler) {
  bundler.onResolve({ filter: /^(fs|path)$/ }, ({ path }) => ({ path, namespace: 'empty' }));
  bundler.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export {};' }));
}
