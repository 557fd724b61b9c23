import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { HubError } from '../../errors.js';
import { readTar } from './read-tar.js';

/** What is taken out of an archive; a model package holds nothing else that is of use. */
const TAKEN = /\.(json|safetensors|md|png|svg|ya?ml)$|^LICENSE$/;

/** Unpacked bytes that are taken at most: weights hardly become smaller by packing. */
const mostBytes = (packed: number): number => Math.min(2e9, 64e6 + 8 * packed);

/**
 * The files of an npm package as `npm pack` packs them, by their path inside it. Only data come out: what a package has else, code above
 * all, is left in the archive.
 *
 * @param tarball - A tar archive, packed by gzip, all below one folder.
 * @param origin - Its file or address, for messages.
 * @throws HubError 'bad-package', 'too-large', and 'unsafe' for an archive with a path out of its folder or with a link.
 */
export async function unpackPackage(
  tarball: Uint8Array,
  origin: string,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { path, kind, bytes } of readTar(await unzip(tarball, origin), origin)) {
    const inside = insidePath(path, origin);
    if (kind === 'other') throw unsafe(origin, `'${path}' is a link or a device`);
    if (kind === 'file' && TAKEN.test(inside)) files.set(inside, bytes);
  }
  return files;
}

async function unzip(tarball: Uint8Array, origin: string): Promise<Uint8Array> {
  const maxOutputLength = mostBytes(tarball.length);
  try {
    return await promisify(gunzip)(tarball, { maxOutputLength });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new HubError('too-large', `${origin} unpacks to more than ${maxOutputLength} bytes`, {
        file: origin,
      });
    }
    throw new HubError('bad-package', `${origin} is no archive: ${(cause as Error).message}`, {
      file: origin,
      cause,
    });
  }
}

/** A path without the archive's one folder, 'package/' of npm's own. */
function insidePath(path: string, origin: string): string {
  const parts = path.replace(/\/$/, '').split('/');
  const isOut = path.startsWith('/') || parts.some((part) => part === '..' || /[\\:\0]/.test(part));
  if (isOut) throw unsafe(origin, `'${path}' leads out of its folder`);
  return parts
    .filter((part) => part !== '.')
    .slice(1)
    .join('/');
}

function unsafe(origin: string, why: string): HubError {
  return new HubError('unsafe', `${origin} is not unpacked: ${why}`, { file: origin });
}
