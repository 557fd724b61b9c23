import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { webServer } from '@genesis/testing';
import test from 'ava';
import { HttpClient } from '#src/node/http/client.js';
import { getText } from '#src/node/http/get-text.js';

test('the proxy of the environment is used, but for hosts of NO_PROXY', async (t) => {
  const server = await webServer(t);
  server.at('/text', 'text');
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on('connect', (request, socket, head) => {
    asked.push(request.url);
    const [host, port] = String(request.url).split(':');
    const through = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      through.write(head);
      through.pipe(socket).pipe(through);
    });
    through.on('error', () => socket.destroy());
    socket.on('error', () => through.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.teardown(() => proxy.close());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const get = async (environment: Record<string, string>): Promise<string> => {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy']) {
      delete process.env[name];
    }
    Object.assign(process.env, environment);
    const client = await HttpClient.open();
    try {
      return await getText(client, `${server.url}/text`, { maxBytes: 9 });
    } finally {
      await client.close();
    }
  };
  t.is(await get({ HTTP_PROXY: address }), 'text');
  t.deepEqual(asked, [server.url.replace('http://', '')]);
  t.is(await get({ HTTP_PROXY: address, NO_PROXY: '127.0.0.1' }), 'text');
  t.is(await get({}), 'text');
  t.is(asked.length, 1);
});
