// Runs the tests that @tensorflow/tfjs-core publishes for its operations and gradients on a back end,
// and prints what became of each as JSON: node test/tfjs-ops/run.mjs native|cpu OUT.json

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const [backend, output] = process.argv.slice(2);
const core = dirname(require.resolve('@tensorflow/tfjs-core/package.json'));

/** All operations; of the other files those that test what a back end does. */
const tests = [
  ...readdirSync(join(core, 'dist', 'ops'))
    .filter((name) => name.endsWith('_test.js'))
    .map((name) => `ops/${name}`),
  ...readdirSync(join(core, 'dist', 'ops', 'fused'))
    .filter((name) => name.endsWith('_test.js'))
    .map((name) => `ops/fused/${name}`),
  ...readdirSync(join(core, 'dist', 'optimizers'))
    .filter((name) => name.endsWith('_test.js'))
    .map((name) => `optimizers/${name}`),
  'gradients_test.js',
  'tensor_test.js',
  'variable_test.js',
  'buffer_test.js',
];

async function bundle() {
  const folder = fileURLToPath(new URL('../../build/tfjs-ops/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  // A file of its own: runs may go on side by side. Within the package, so that it finds what is external.
  const outfile = join(folder, `${backend}-${process.pid}.cjs`);
  await build({
    stdin: {
      resolveDir: core,
      contents: [
        "import './dist/register_all_gradients.js';",
        "import './dist/public/chained_ops/register_all_chained_ops.js';",
        "import 'test-environment';",
        ...tests.map((name) => `import './dist/${name}';`),
      ].join('\n'),
    },
    plugins: [
      {
        // Evaluated before the tests, which ask for the environments while they are imported.
        name: 'test-environment',
        setup(plugins) {
          plugins.onResolve({ filter: /^test-environment$/ }, () => ({
            path: 'test-environment',
            namespace: 'virtual',
          }));
          plugins.onLoad({ filter: /.*/, namespace: 'virtual' }, () => ({
            resolveDir: core,
            contents: `import { setTestEnvs } from './dist/jasmine_util.js';
              setTestEnvs([{ name: '${backend}', backendName: '${backend}', isDataSync: true }]);`,
          }));
        },
      },
    ],
    bundle: true,
    ignoreAnnotations: true, // the test files are not among the package's sideEffects
    outfile,
    format: 'cjs',
    platform: 'node',
    external: ['jasmine-core', 'jasmine-core/*', 'node-fetch'],
    logLevel: 'error',
  });
  return outfile;
}

require('jasmine-core').boot();
const environment = jasmine.getEnv();
environment.configure({ random: false });
const specs = [];
environment.addReporter({
  specDone({ fullName, status, failedExpectations }) {
    specs.push({ name: fullName, status, message: failedExpectations[0]?.message });
  },
});

if (backend === 'native') {
  const { registerNativeBackend } = await import('@genesis/tfjs-backend-native');
  registerNativeBackend();
} else require('@tensorflow/tfjs-backend-cpu');
console.warn = () => {}; // deprecations that the tests provoke
const bundled = await bundle();
require(bundled);
rmSync(bundled);
await environment.execute();
writeFileSync(resolve(output), JSON.stringify(specs));
const count = (status) => specs.filter((spec) => spec.status === status).length;
console.log(
  `${backend}: ${count('passed')} passed, ${count('failed')} failed, ${specs.length} specs`,
);
