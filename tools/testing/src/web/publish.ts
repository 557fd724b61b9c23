import { createHash } from 'node:crypto';
import type { Handler, WebServer } from './web-server.js';

export interface PublishOpts {
  /** What is served instead of the archive. */
  readonly answer?: Handler;
  /** Of what the registry says. */
  readonly integrity?: string;
}

/** Lets a server answer as a registry of npm that has these versions, the last one as the latest. */
export function publish(
  server: WebServer,
  name: string,
  versions: Readonly<Record<string, Uint8Array>>,
  { answer, integrity }: PublishOpts = {},
): void {
  const entries = Object.entries(versions).map(([version, bytes]) => {
    const path = `/files/${name}-${version}.tgz`;
    server.at(path, answer ?? bytes);
    const hash = createHash('sha512').update(bytes).digest('base64');
    const dist = { tarball: server.url + path, integrity: integrity ?? `sha512-${hash}` };
    return [version, { name, version, dist }] as const;
  });
  const latest = entries.at(-1)?.[0];
  const said = { name, 'dist-tags': { latest }, versions: Object.fromEntries(entries) };
  server.at(`/${name.replace('/', '%2f')}`, JSON.stringify(said));
}
