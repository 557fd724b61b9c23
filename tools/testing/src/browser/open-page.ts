import type { ExecutionContext } from 'ava';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { chromiumPath } from './chromium.js';
import { type ServeOpts, serveFolder } from './serve-folder.js';

export interface OpenPageOpts extends ServeOpts {
  /** More of the browser's command line. */
  args?: string[];
  /** Size of the page in pixels. */
  viewport?: BrowserContextOptions['viewport'];
}

/** A page in a headless browser. */
export interface OpenPage {
  page: Page;
  /** Address of the folder, with a slash at the end. */
  url: string;
  /** Errors that the page did not catch or wrote to its console, so far. */
  problems: string[];
}

/** Serves a folder and opens its `index.html` in headless Chromium; both end with the test. */
export async function openPage(
  t: ExecutionContext,
  folder: string,
  opts: OpenPageOpts = {},
): Promise<OpenPage> {
  const { chromium } = await import('playwright-core');
  const server = await serveFolder(folder, opts);
  t.teardown(() => server.close());
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', ...(opts.args ?? [])],
  });
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: opts.viewport });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(server.url);
  return { page, url: server.url, problems };
}
