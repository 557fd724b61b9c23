import { packageName } from '../card/package-name.js';
import { HubError } from '../errors.js';

/** Where a model is to be had from. */
export type ModelReference =
  | {
      readonly kind: 'npm';
      readonly package: string;
      readonly version?: string;
      readonly model?: string;
    }
  | {
      readonly kind: 'hf';
      /** owner/name */
      readonly repository: string;
      readonly revision: string;
      /** A weight file in it; left out: the package whose card is `model.json`. */
      readonly file?: string;
    }
  | { readonly kind: 'url'; readonly url: string; readonly sha256?: string }
  | { readonly kind: 'path'; readonly path: string };

const NAME = /^[a-z\d][a-z\d._-]*$/;
const PACKAGE = /^(@[a-z\d][a-z\d._-]*\/)?[a-z\d][a-z\d._-]*$/;
const VERSION = /^[\w][\w.+-]*$/;
const REPOSITORY = /^[\w][\w.-]*\/[\w][\w.-]*$/;
const FILE = /^[\w][\w.-]*(\/[\w][\w.-]*)*$/;

/** Whether a text asks for a model of a hub, rather than naming a file or folder. */
export function isHubReference(text: string): boolean {
  return /^(zoo|npm|hf|https?):/.test(text);
}

/**
 * Reads what names a model: `zoo:NAME[@VERSION]`, `npm:PACKAGE[@VERSION]`, `hf:OWNER/NAME[@REVISION][/FILE]`, an address with
 * http(s), to which `#sha256=…` may be added, or a path.
 *
 * @throws HubError 'bad-reference'.
 */
export function parseReference(text: string): ModelReference {
  if (!isHubReference(text)) return { kind: 'path', path: text };
  if (/^https?:/.test(text)) return parseUrl(text);
  const [scheme, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  if (scheme === 'hf') return parseRepository(rest, text);
  const at = rest.indexOf('@', 1);
  const name = at < 0 ? rest : rest.slice(0, at);
  const version = at < 0 ? undefined : rest.slice(at + 1);
  if (!(scheme === 'zoo' ? NAME : PACKAGE).test(name)) {
    const wanted =
      scheme === 'zoo' ? 'zoo:NAME or zoo:NAME@VERSION' : 'npm:PACKAGE or npm:PACKAGE@VERSION';
    throw bad(text, wanted);
  }
  if (version !== undefined && !VERSION.test(version))
    throw bad(text, 'a version such as 1.0.0 after @');
  if (scheme === 'npm') return { kind: 'npm', package: name, version };
  return { kind: 'npm', package: packageName(name), version, model: name };
}

function parseUrl(text: string): ModelReference {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw bad(text, 'an address');
  }
  if (url.username !== '' || url.password !== '') throw bad(text, 'an address without a password');
  const { hash } = url;
  url.hash = '';
  if (hash === '') return { kind: 'url', url: url.href };
  const sha256 = /^#sha256=([\da-f]{64})$/i.exec(hash)?.[1];
  if (sha256 === undefined)
    throw bad(text, 'nothing after # but sha256=… of 64 hexadecimal digits');
  return { kind: 'url', url: url.href, sha256: sha256.toLowerCase() };
}

function parseRepository(rest: string, text: string): ModelReference {
  const parts = /^([^/@]+\/[^/@]+)(?:@([^/]+))?(?:\/(.+))?$/.exec(rest);
  const [, repository, revision = 'main', file] = parts ?? [];
  const fits =
    repository !== undefined &&
    REPOSITORY.test(repository) &&
    VERSION.test(revision) &&
    (file === undefined || FILE.test(file));
  if (!fits) throw bad(text, 'hf:OWNER/NAME, hf:OWNER/NAME@REVISION or hf:OWNER/NAME/FILE');
  return { kind: 'hf', repository, revision, file };
}

function bad(text: string, wanted: string): HubError {
  return new HubError('bad-reference', `'${text}' names no model: it must be ${wanted}`);
}
