import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { blockedPort, holderOf, isFree, isListening, listeningInodes } from '../../../stack/ports.ts';
import { guardHost } from '../../../stack/host-guard.ts';
import { portsOf } from '../../../stack/up.ts';
import { loadSettings } from '../../../settings.ts';

const servers: net.Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listen(host: string): Promise<number> {
  const server = net.createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as net.AddressInfo).port;
}

test('a port in use is not free', async () => {
  const port = await listen('127.0.0.1');
  expect(await isFree(port)).toBe(false);
  expect(await isListening(port)).toBe(true);
});

test('a port in use on all addresses is not free on the loopback', async () => {
  expect(await isFree(await listen('0.0.0.0'))).toBe(false);
});

test('a port is free again once its holder has closed it', async () => {
  const port = await listen('127.0.0.1');
  await new Promise((resolve) => servers.pop()!.close(resolve));
  expect(await isFree(port)).toBe(true);
});

test('the holder of a port is named with its pid and command', async () => {
  const holder = holderOf(await listen('127.0.0.1'));
  expect(holder).toMatch(new RegExp(`^pid ${process.pid} \\(.*node.*\\)$`));
});

test('a port that is taken while the stack starts is reported with its setting and its holder', async () => {
  const used = { title: 'Temporal', port: await listen('127.0.0.1'), setting: 'TEMPORAL_UI_PORT' };
  await expect(guardHost(used, { host: '127.0.0.1', port: 1 })).rejects.toMatchObject({
    code: 'STACK',
    message: expect.stringMatching(
      new RegExp(
        `port ${used.port} of Temporal \\(TEMPORAL_UI_PORT\\) is held by pid ${process.pid} .*PORT_OFFSET`,
      ),
    ) as string,
  });
});

// The format is that of proc_pid_net(5): local address and port in hex, state 0A is LISTEN, 01 is ESTABLISHED.
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 34455 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1388 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 34999 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12001 1 0000000000000000 100 0 0 10 0
`;

test('only listening sockets of the port are read from the table', () => {
  expect(listeningInodes(TABLE, 5000)).toEqual(['34455']);
  expect(listeningInodes(TABLE, 22)).toEqual(['12001']);
  expect(listeningInodes(TABLE, 50_000)).toEqual([]);
});

test.each([
  ['0', []],
  ['1000', ['MLFLOW_PORT: got 6000']],
  ['2000', ['S3_PORT: got 6566', 'CONSOLE_PORT: got 10080']],
])('PORT_OFFSET=%s yields the blocked ports %j, which fetch rejects', async (offset, expected) => {
  const blocked = portsOf(loadSettings({ PORT_OFFSET: offset })).filter((use) => blockedPort(use));
  expect(blocked.map(({ setting, port }) => `${setting}: got ${port}`)).toEqual(expected);
  for (const use of blocked) {
    expect(blockedPort(use)).toContain(`${use.setting}: got ${use.port}`);
    const failure = await fetch(`http://127.0.0.1:${use.port}`).catch((error: unknown) => error);
    expect(failure).toHaveProperty('cause.message', 'bad port');
  }
});
