import { HubError } from '../../errors.js';

/**
 * Where a redirect leads.
 *
 * @param from - The address that redirects.
 * @param location - Where to, relative to it.
 * @param asked - The address that was asked for, for messages.
 * @throws HubError 'redirects' for what is no address of the web, and from https to http.
 */
export function redirectTarget(from: string, location: string | undefined, asked: string): string {
  if (location !== undefined && URL.canParse(location, from)) {
    const to = new URL(location, from);
    const isWeb = to.protocol === 'https:' || to.protocol === 'http:';
    const isWorse = new URL(from).protocol === 'https:' && to.protocol === 'http:';
    if (isWeb && !isWorse) return to.href;
  }
  const where = location ?? 'nowhere';
  throw new HubError('redirects', `${from} redirects to ${where}, which is not followed`, {
    url: asked,
  });
}
