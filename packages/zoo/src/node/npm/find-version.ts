import { z } from 'zod';
import { HubError } from '../../errors.js';
import type { HttpClient } from '../http/client.js';
import type { Integrity } from '../http/download.js';
import { getText } from '../http/get-text.js';

/** A version of a package in a registry. */
export interface PublishedVersion {
  readonly version: string;
  /** Address of its archive. */
  readonly tarball: string;
  readonly integrity: Integrity;
}

/** What a registry says of a package, as far as it matters here. */
const packument = z.object({
  'dist-tags': z.record(z.string(), z.string()).default({}),
  versions: z
    .record(
      z.string().regex(/^\d+\.\d+\.\d+[\w.+-]*$/),
      z.object({
        dist: z.object({
          tarball: z.url({ protocol: /^https?$/ }),
          integrity: z.string().optional(),
        }),
      }),
    )
    .default({}),
});

/** The short form of what a registry says of a package. */
const SHORT = 'application/vnd.npm.install-v1+json, application/json';

/**
 * Finds a version of a package in a registry of npm.
 *
 * @param wanted - A version or a tag. Default 'latest'.
 * @throws HubError 'not-found' for a package or a version that the registry has not, 'bad-package' when it publishes no hash that holds,
 *   'refused' when it is no registry, and what getText throws.
 */
export async function findVersion(
  client: HttpClient,
  registry: string,
  name: string,
  wanted = 'latest',
): Promise<PublishedVersion> {
  const url = `${registry}/${name.replace('/', '%2f')}`;
  const text = await getText(client, url, { headers: { accept: SHORT }, maxBytes: 32e6 });
  const said = parse(text, url);
  const versions = new Map(Object.entries(said.versions));
  const version = new Map(Object.entries(said['dist-tags'])).get(wanted) ?? wanted;
  const found = versions.get(version);
  if (!found) {
    const all = [...versions.keys()].join(', ') || 'none';
    const message = `${url} has no version '${wanted}' of ${name}, but ${all}`;
    throw new HubError('not-found', message, { url });
  }
  const { tarball, integrity } = found.dist;
  if (registry.startsWith('https:') && !tarball.startsWith('https:')) {
    const message = `${url} leads to ${tarball}, which is not followed from https`;
    throw new HubError('redirects', message, { url });
  }
  return { version, tarball, integrity: integrityOf(integrity, url) };
}

function parse(text: string, url: string): z.output<typeof packument> {
  try {
    return packument.parse(JSON.parse(text));
  } catch (cause) {
    throw new HubError('refused', `${url} does not answer as a registry of npm`, { url, cause });
  }
}

/** The strongest of the hashes, in the form of subresource integrity. */
function integrityOf(text: string | undefined, url: string): Integrity {
  for (const algorithm of ['sha512', 'sha256'] as const) {
    const base64 = new RegExp(`(?:^|\\s)${algorithm}-([A-Za-z\\d+/]+=*)`).exec(text ?? '')?.[1];
    if (base64 !== undefined) {
      return { algorithm, digest: Buffer.from(base64, 'base64').toString('hex') };
    }
  }
  throw new HubError('bad-package', `${url} publishes no SHA-512 or SHA-256 of the package`, {
    url,
  });
}
