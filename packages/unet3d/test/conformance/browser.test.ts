import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bundlePage,
  haveChromium,
  noChromium,
  openPage,
  softwareWebGpu,
  tempFolder,
} from '@genesis/testing';
import test from 'ava';
import type { Finding } from './api.js';
import { operations } from './cases/index.js';
import { TOLERANCES } from './engines.js';

const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

const PAGE = `
import '@tensorflow/tfjs-backend-webgpu';
import { operations } from '${HERE}cases/index.js';
import { runOperations } from '${HERE}run-cases.js';
window.run = (engine, kind) => runOperations(engine, operations[kind]).catch((error) => String(error));
window.adapter = async () => (await navigator.gpu?.requestAdapter()) != null;`;

const inBrowser = haveChromium ? test : test.skip;

inBrowser(
  `in a browser the engine, webgpu where it has an adapter, equals stock operations${noChromium}`,
  async (t) => {
    t.timeout(300_000, 'a software adapter compiles and runs every case');
    // Inside the package, so that the bundler finds it by its name and its exports.
    const folder = await tempFolder(t, join(PACKAGE, 'build'));
    await bundlePage(folder, PAGE);
    const { page, problems } = await openPage(t, folder, { args: softwareWebGpu });
    await page.waitForFunction('window.run');
    const engine = (await page.evaluate('adapter()')) ? 'webgpu' : 'cpu';
    for (const kind of Object.keys(operations)) {
      const found = (await page.evaluate(`run('${engine}', '${kind}')`)) as Finding[] | string;
      if (typeof found === 'string') {
        t.fail(`${kind} on ${engine}: ${found}`);
        continue;
      }
      for (const { name, result, kind, error } of found) {
        t.true(error <= TOLERANCES[engine][kind], `${name}, ${result} on ${engine}: ${error}`);
      }
    }
    t.log(`ran on ${engine}`);
    t.deepEqual(problems, []);
  },
);
