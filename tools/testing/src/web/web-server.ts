import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  visit: number,
) => unknown;

/** A server of this machine whose paths answer as a test wants it. */
export interface WebServer {
  readonly url: string;
  /** Paths that were asked for, with the range where there was one. */
  readonly asked: string[];
  /** What stands at a path; `visit` counts from 1. */
  at(path: string, answer: Handler | Uint8Array | string): void;
  close(): Promise<void>;
}

export async function webServer(t: ExecutionContext): Promise<WebServer> {
  const handlers = new Map<string, { handler: Handler; visits: number }>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    const { range } = request.headers;
    asked.push(range === undefined ? path : `${path} ${range}`);
    const found = handlers.get(path);
    if (!found) return response.writeHead(404).end('nothing here');
    found.visits++;
    return found.handler(request, response, found.visits);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  t.teardown(close);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    at(path, answer) {
      const handler: Handler =
        typeof answer === 'function' ? answer : (_, response) => response.end(answer);
      handlers.set(path, { handler, visits: 0 });
    },
    close,
  };
}

export interface RangeOpts {
  /** Bytes after which the connection is cut, by the number of the visit; undefined: never. */
  readonly cutAfter?: (visit: number) => number | undefined;
  /** Its name for the state of the file. */
  readonly etag?: string;
}

/** Serves bytes and parts of them, as a well-behaved server does. */
export function ranged(bytes: Uint8Array, { cutAfter, etag = '"one"' }: RangeOpts = {}): Handler {
  return (request, response, visit) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const isPart = start > 0 && request.headers['if-range'] === etag;
    const body = isPart ? bytes.subarray(start) : bytes;
    response.writeHead(isPart ? 206 : 200, {
      etag,
      'content-length': body.length,
      ...(isPart && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    const cut = cutAfter?.(visit);
    if (cut === undefined || cut >= body.length) return response.end(body);
    // What a client has not read when a connection breaks is lost: it gets the time to read it.
    return response.write(body.subarray(0, cut), () =>
      setTimeout(() => response.socket?.destroy(), 700),
    );
  };
}
