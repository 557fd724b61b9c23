/**
 * What the tests of several packages share. Never published; packages name it among their devDependencies.
 * @packageDocumentation
 */
export { bundlePage } from './browser/bundle-page.js';
export { chromiumPath, haveChromium, noChromium, softwareWebGpu } from './browser/chromium.js';
export { type OpenPage, type OpenPageOpts, openPage } from './browser/open-page.js';
export { type PageServer, type ServeOpts, serveFolder } from './browser/serve-folder.js';
export { hasMpirun, type RanksResult, type RunRanksOpts, runRanks } from './mpi/run-ranks.js';
export { noise, random, relativeError, relativeL2 } from './numbers/index.js';
export { tempFolder } from './temp-folder.js';
export { type PublishOpts, publish } from './web/publish.js';
export {
  type Handler,
  type RangeOpts,
  ranged,
  type WebServer,
  webServer,
} from './web/web-server.js';
