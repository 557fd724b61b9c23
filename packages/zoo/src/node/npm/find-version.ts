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

interface Packument {
  readonly 'dist-tags'?: Readonly<Record<string, string>>;
  readonly versions?: Readonly<
    Record<string, { readonly dist?: { readonly tarball?: string; readonly integrity?: string } }>
  >;
}

/** The short form of what a registry says of a package. */
const SHORT = 'application/vnd.npm.install-v1+json, application/json';

/**
 * Finds a version of a package in a registry of npm.
 *
 * @param wanted - A version or a tag. Default 'latest'.
 * @throws HubError 'not-found' for a package or a version that the registry has not, 'bad-package' when it gives no address or no hash
 *   that holds, and what getText throws.
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
  const version = said['dist-tags']?.[wanted] ?? wanted;
  const found =
    said.versions !== undefined && Object.hasOwn(said.versions, version)
      ? said.versions[version]
      : undefined;
  if (!found) {
    const all = Object.keys(said.versions ?? {}).join(', ');
    throw new HubError(
      'not-found',
      `${url} has no version '${wanted}' of ${name}, but ${all || 'none'}`,
      { url },
    );
  }
  const { tarball, integrity } = found.dist ?? {};
  if (typeof tarball !== 'string' || !URL.canParse(tarball)) {
    throw new HubError('bad-package', `${url} gives no address for ${name}@${version}`, { url });
  }
  if (registry.startsWith('https:') && !tarball.startsWith('https:')) {
    throw new HubError(
      'redirects',
      `${url} leads to ${tarball}, which is not followed from https`,
      { url },
    );
  }
  return { version, tarball, integrity: integrityOf(integrity, url) };
}

function parse(text: string, url: string): Packument {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Packument;
  } catch {
    // Said below.
  }
  throw new HubError('refused', `${url} does not answer as a registry of npm`, { url });
}

/** The strongest of the hashes, in the form of subresource integrity. */
function integrityOf(text: unknown, url: string): Integrity {
  for (const algorithm of ['sha512', 'sha256'] as const) {
    const base64 = new RegExp(`(?:^|\\s)${algorithm}-([A-Za-z\\d+/]+=*)`).exec(String(text))?.[1];
    if (base64 !== undefined) {
      return { algorithm, digest: Buffer.from(base64, 'base64').toString('hex') };
    }
  }
  throw new HubError('bad-package', `${url} publishes no SHA-512 or SHA-256 of the package`, {
    url,
  });
}
