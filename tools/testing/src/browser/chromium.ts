import { existsSync } from 'node:fs';

/** The browser of the tests: the environment variable CHROMIUM, or where Debian has it. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Whether that browser is there; tests that need it are skipped otherwise. */
export const haveChromium = existsSync(chromiumPath);

/** Added to the title of a test that is skipped for the lack of a browser; empty where there is one. */
export const noChromium = haveChromium ? '' : ` (no Chromium at ${chromiumPath}; set CHROMIUM)`;

/** Command line that gives pages WebGPU on the processor, where there is no graphics processor. */
export const softwareWebGpu = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];
