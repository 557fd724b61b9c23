// Makes the `tensorflow` engine usable where tfjs-node's own install script cannot download
// libtensorflow: builds its binding against the libraries of a `tensorflow-cpu` wheel from PyPI.
//
//   node tools/tensorflow/build-binding.mjs --project DIR [--tensorflow DIR]
//
// With `--project .` this repository's own engine tests run on it afterwards:
//   cd packages/unet3d && npx ava build/test/training.test.js build/test/engines.test.js
//
//   --project     folder whose node_modules gets @tensorflow/tfjs-node (default: tools/build/tensorflow)
//   --tensorflow  the unpacked wheel's `tensorflow` folder (default: fetched by pip, unpacked beside)
//
// Needs g++ or clang++, and pip unless --tensorflow is given. Tried with tensorflow-cpu 2.15.1:
// its libtensorflow_cc.so.2 and libtensorflow_framework.so.2 export every TF_*/TFE_* symbol that the
// binding of tfjs-node 4.22 asks for.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../lib/workspace.mjs';

const TFJS_NODE = '@tensorflow/tfjs-node@4.22.0';
const WHEEL = 'tensorflow-cpu==2.15.1';

const { values } = parseArgs({
  options: { project: { type: 'string' }, tensorflow: { type: 'string' } },
});
const project = resolve(values.project ?? `${root}/tools/build/tensorflow`);
const run = (command, args, cwd = project) =>
  execFileSync(command, args, { cwd, stdio: 'inherit' });

mkdirSync(project, { recursive: true });
if (!existsSync(join(project, 'package.json'))) {
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
}

/** The wheel's `tensorflow` folder: headers under include, libraries beside them. */
function tensorflowFolder() {
  if (values.tensorflow) return resolve(values.tensorflow);
  const wheels = join(project, 'wheel');
  const unpacked = join(wheels, 'tensorflow');
  if (!existsSync(unpacked)) {
    const pip = ['-m', 'pip', 'download', WHEEL, '--no-deps', '--only-binary=:all:', '-d', wheels];
    // The wheel's library does not depend on the Python that fetches it.
    run('python3', [...pip, '--python-version', '3.11', '--platform', 'manylinux_2_17_x86_64']);
    const wheel = readdirSync(wheels).find((name) => name.endsWith('.whl'));
    run('python3', ['-m', 'zipfile', '-e', wheel, '.'], wheels);
  }
  return unpacked;
}

const tensorflow = tensorflowFolder();
// Its install script would try the download; everything else of the package is JavaScript.
run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', TFJS_NODE]);
const require = createRequire(join(project, 'package.json'));
const tfjsNode = dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
const headers = join(
  dirname(createRequire(import.meta.url).resolve('node-api-headers/package.json')),
  'include',
);
const out = join(tfjsNode, 'lib', 'napi-v8');
mkdirSync(out, { recursive: true });
run(
  process.env.CXX ?? 'g++',
  [
    ...['-O2', '-std=c++17', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
    ...[headers, dirname(tfjsNode), tfjsNode, join(tensorflow, 'include')].map((dir) => `-I${dir}`),
    ...['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'],
    ...['-o', join(out, 'tfjs_binding.node'), `-L${tensorflow}`, `-Wl,-rpath,${tensorflow}`],
    ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
  ],
  tfjsNode,
);
const check = `const tf = require('@tensorflow/tfjs-node');
  if (tf.getBackend() !== 'tensorflow') throw new Error('the engine did not start');`;
execFileSync(process.execPath, ['-e', check], {
  cwd: project,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
});
console.log(`The tensorflow engine works in ${project}`);
