import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Bundles a module for browsers as an application would, with no settings but the platform, and writes an `index.html` that
 * loads it.
 *
 * @param folder - Receives the page. It must lie inside the package whose name the module imports, so that the bundler finds
 *   it by its exports: `tempFolder(t, join(PACKAGE, 'build'))`.
 * @param source - The module's text.
 */
export async function bundlePage(folder: string, source: string): Promise<void> {
  const { build } = await import('esbuild');
  const entry = join(folder, 'page.mjs');
  await writeFile(entry, source);
  await build({
    entryPoints: [entry],
    outdir: join(folder, 'out'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    logLevel: 'error',
  });
  await writeFile(
    join(folder, 'index.html'),
    // Browsers ask for an icon otherwise, and log that there is none.
    '<!doctype html><link rel="icon" href="data:,"><script type="module" src="out/page.js"></script>',
  );
}
