/**
 * Tests what a web page can do to Temporal through a local browser: requests from a foreign origin, without a
 * token, to every port.
 */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { loadSettings } from '../../settings.ts';
import { readState } from '../../stack/instance.ts';
import { layoutOf } from '../../stack/stack-layout.ts';
import { NO_LINUX, orSkip } from '../or-skip.ts';

const settings = loadSettings();
const EVIL = 'http://evil.example';
const START = JSON.stringify({ workflowType: { name: 'none' }, taskQueue: { name: 'nobody' } });

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request without `fetch`, which does not send a custom Host header. */
function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method, path, headers, timeout: 10_000 }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    call.on('error', reject).on('timeout', () => call.destroy(new Error('no answer')));
    call.end(body);
  });
}

/** Lists every TCP address and port on which a process listens. Linux only. */
function listeners(pid: number): { address: string; port: number }[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).map((name) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${name}`).replace(/^socket:\[(\d+)\]$/, '$1');
      } catch {
        return '';
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
        if (state !== '0A' || !sockets.has(inode)) return [];
        const [address = '', port = ''] = local.split(':');
        return [{ address, port: Number.parseInt(port, 16) }];
      }),
  );
}

/** Matches 127.x.y.z in the byte order of /proc, alone or mapped to IPv6, and ::1. */
const LOOPBACK = /^(0{16}(FFFF0000|0000FFFF))?[0-9A-F]{6}7F$|^0{24}01000000$/;
const services = readState(layoutOf(settings))?.services ?? {};

describe.skipIf(NO_LINUX)(orSkip('the servers of the stack', NO_LINUX), () => {
  test.for(Object.keys(services))('%s listens on the loopback alone', (name) => {
    const pid = services[name as keyof typeof services]?.process?.pid;
    const open = pid ? listeners(pid).filter(({ address }) => !LOOPBACK.test(address)) : [];
    expect(open).toEqual([]);
  });
});

async function startedBy(attempt: (id: string) => Promise<Answer | undefined>): Promise<Answer | undefined> {
  const id = `temporal-web-test-${Date.now()}-${Math.random()}`;
  const answer = await attempt(id);
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const described = client.workflow.getHandle(id).describe();
    await expect(described).rejects.toThrow(/not found/i);
  } finally {
    await connection.close();
  }
  return answer;
}

describe('a page of a foreign origin', () => {
  const types = ['text/plain', 'application/json', 'application/x-www-form-urlencoded'];

  test.skipIf(NO_LINUX).for(types)(
    orSkip('starts nothing by %s on any port of Temporal', NO_LINUX),
    async (type) => {
      const open = listeners(services.temporal!.process!.pid).filter(({ address }) => address === '0100007F');
      const ports = [...open.map(({ port }) => port), settings.ports.temporalUi];
      expect(ports).toContain(settings.ports.temporal);
      const statuses: number[] = [];
      for (const port of ports)
        await startedBy(async (id) => {
          const headers = { origin: EVIL, 'content-type': type };
          const path = `/api/v1/namespaces/default/workflows/${id}`;
          // gRPC ports close the connection.
          const answer = await send(port, 'POST', path, headers, START).catch(() => undefined);
          if (answer) statuses.push(answer.status);
          return answer;
        });
      // The HTTP API answers that this host is not allowed.
      expect(statuses).toContain(403);
      expect(statuses.filter((status) => status < 400)).toEqual([]);
    },
  );

  test.for(types)(
    "starts nothing by %s through the UI, nor by a cookie's value as a parameter",
    async (type) => {
      const { headers } = await send(settings.ports.temporalUi, 'GET', '/', {});
      const token = /_csrf=([^;]+)/.exec(String(headers['set-cookie']))?.[1] ?? '';
      expect(token).not.toBe('');
      const path = (id: string) => `/api/v1/namespaces/default/workflows/${id}`;
      for (const query of ['', `?_csrf=${token}&csrf=${token}`]) {
        const answer = await startedBy((id) =>
          send(
            settings.ports.temporalUi,
            'POST',
            path(id) + query,
            { origin: EVIL, 'content-type': type, cookie: `_csrf=${token}` },
            START,
          ),
        );
        expect(answer?.status).toBe(403);
      }
    },
  );

  test('reads nothing from the UI by a host name of its own that resolves here, and starts nothing', async () => {
    const { temporalUi } = settings.ports;
    const host = `evil.example:${temporalUi}`;
    for (const headers of [
      { host },
      { host: 'evil.example' },
      { host: `localhost.evil.example:${temporalUi}` },
    ]) {
      const answer = await send(temporalUi, 'GET', '/api/v1/namespaces', headers);
      expect(answer.status).toBe(403);
      expect(answer.body).not.toContain('namespaceInfo');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    const { headers } = await send(temporalUi, 'GET', '/', {});
    const token = /_csrf=([^;]+)/.exec(String(headers['set-cookie']))![1]!;
    const answer = await startedBy((id) =>
      send(
        temporalUi,
        'POST',
        `/api/v1/namespaces/default/workflows/${id}`,
        { host, origin: `http://${host}`, cookie: `_csrf=${token}`, 'x-csrf-token': token },
        START,
      ),
    );
    expect(answer?.status).toBe(403);
  });

  test.for(['localhost', '127.0.0.1'])('does not block the UI at %s', async (name) => {
    const { temporalUi } = settings.ports;
    const host = `${name}:${temporalUi}`;
    expect((await send(temporalUi, 'GET', '/', { host })).body).toMatch(/<html/);
    const answer = await send(temporalUi, 'GET', '/api/v1/namespaces', { host, origin: `http://${host}` });
    expect(answer.body).toContain('namespaceInfo');
  });

  test('may not read answers of the UI or send custom headers to it', async () => {
    const answer = await send(settings.ports.temporalUi, 'OPTIONS', '/api/v1/namespaces', {
      origin: EVIL,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-csrf-token,authorization',
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});
