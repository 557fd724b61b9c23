import { HubError } from '../../errors.js';
import type { Answer } from './client.js';

/** @throws HubError 'not-found' or 'refused' for a status that is an error. */
export async function checkStatus(answer: Answer, url: string): Promise<void> {
  const { status } = answer;
  if (status >= 200 && status < 300) return;
  await answer.drop();
  if (status === 404 || status === 410) {
    throw new HubError('not-found', `there is nothing at ${url}: the server answered ${status}`, {
      url,
    });
  }
  throw new HubError('refused', `cannot get ${url}: the server answered ${status}`, { url });
}

/** Whether a server that answered so may be asked again. */
export function isBusy(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
