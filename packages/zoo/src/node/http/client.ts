import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { HubError } from '../../errors.js';
import type { ClientOpts } from './api.js';
import { redirectTarget } from './redirect-target.js';

/** The answer of a server, redirects followed. */
export interface Answer {
  /** Where it came from in the end. */
  readonly url: string;
  readonly status: number;
  /** By names in small letters. */
  readonly header: (name: string) => string | undefined;
  /** Must be read to its end, or thrown away with `drop`. */
  readonly body: AsyncIterable<Uint8Array>;
  drop(): Promise<void>;
}

const MOST_REDIRECTS = 5;

/**
 * Gets what stands at addresses, through the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). Sends nothing but the
 * headers that it is told.
 */
export class HttpClient {
  private constructor(
    private readonly request: (
      url: string,
      headers: Readonly<Record<string, string>>,
    ) => Promise<Dispatcher.ResponseData>,
    private readonly agent: Dispatcher,
    readonly opts: Required<ClientOpts>,
  ) {}

  /** Loads the HTTP library, which is not needed before. */
  static async open(opts: ClientOpts = {}): Promise<HttpClient> {
    const { EnvHttpProxyAgent, request } = await import('undici');
    const { idleMs = 30_000, retryMs = 500, attempts = 5 } = opts;
    const times = { headersTimeout: idleMs, bodyTimeout: idleMs, connect: { timeout: idleMs } };
    const dispatcher = new EnvHttpProxyAgent(times);
    const get = (url: string, headers: Readonly<Record<string, string>>) =>
      request(url, { dispatcher, headers });
    return new HttpClient(get, dispatcher, { idleMs, retryMs, attempts });
  }

  /**
   * Asks once. Redirects are followed, at most five, not in a circle, and from https to https alone.
   *
   * @throws HubError 'unreachable', 'redirects'. A status that is an error is returned.
   */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const seen = new Set<string>();
    for (let at = url; ; ) {
      if (seen.has(at))
        throw new HubError('redirects', `${url} redirects in a circle, by ${at}`, { url });
      seen.add(at);
      const answer = await this.ask(at, headers, url);
      if (![301, 302, 303, 307, 308].includes(answer.status)) return answer;
      await answer.drop();
      at = redirectTarget(answer.url, answer.header('location'), url);
      if (seen.size > MOST_REDIRECTS) {
        throw new HubError('redirects', `${url} redirects more than ${MOST_REDIRECTS} times`, {
          url,
        });
      }
    }
  }

  private async ask(
    at: string,
    headers: Readonly<Record<string, string>>,
    url: string,
  ): Promise<Answer> {
    let data: Dispatcher.ResponseData;
    try {
      // What is counted, continued and hashed are the bytes as they are stored.
      data = await this.request(at, { 'accept-encoding': 'identity', ...headers });
    } catch (cause) {
      throw new HubError('unreachable', `cannot reach ${at}: ${reasonOf(cause)}`, { url, cause });
    }
    return {
      url: at,
      status: data.statusCode,
      header: (name) => [data.headers[name]].flat()[0],
      body: data.body,
      drop: () => data.body.dump().catch(() => undefined),
    };
  }

  /** Waits before attempt number `attempt`, counted from 1. */
  async pause(attempt: number): Promise<void> {
    await sleep(this.opts.retryMs * 2 ** (attempt - 1));
  }

  /** Ends connections that are still open. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

/** What went wrong with a connection, in words. */
export function reasonOf(error: unknown): string {
  const { code, message, errors } = error as NodeJS.ErrnoException & {
    errors?: readonly unknown[];
  };
  if (message === '' && errors?.[0] !== undefined) return reasonOf(errors[0]);
  const words: Record<string, string> = {
    ENOTFOUND: 'there is no such host',
    EAI_AGAIN: 'the name of the host cannot be looked up',
    ECONNREFUSED: 'the connection is refused',
    ECONNRESET: 'the connection broke off',
    UND_ERR_SOCKET: 'the connection broke off',
    UND_ERR_CONNECT_TIMEOUT: 'there is no answer',
    UND_ERR_HEADERS_TIMEOUT: 'there is no answer',
    UND_ERR_BODY_TIMEOUT: 'nothing comes any more',
  };
  return (code === undefined ? undefined : words[code]) ?? message;
}
