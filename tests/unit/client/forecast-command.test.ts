import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { forecastCommand } from '../../../client/commands/forecast.ts';

afterEach(() => vi.restoreAllMocks());

/** Starts a service that answers 503 a number of times, then an answer. */
async function service(rejections: number, retryAfter: string) {
  let asked = 0;
  const server = createServer((_, reply) => {
    asked++;
    const isRejected = asked <= rejections;
    reply.writeHead(isRejected ? 503 : 200, {
      'content-type': 'application/json',
      ...(isRejected ? { 'retry-after': retryAfter } : {}),
    });
    reply.end(JSON.stringify(isRejected ? { detail: 'No forecast has been issued yet.' } : { hours: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const run = () => forecastCommand().parseAsync(['--json', '--url', url], { from: 'user' });
  return { run, asked: () => asked };
}

test('asks again once for a forecast that the service has not read yet', async () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { run } = await service(1, '0');
  await run();
  expect(JSON.parse(String(written.mock.calls.at(-1)![0]))).toEqual({ hours: [] });
});

test('fails if there is none after the pause, and at once for a long pause', async () => {
  const none = await service(9, '0');
  await expect(none.run()).rejects.toThrow('No forecast has been issued yet.');
  expect(none.asked()).toBe(2);
  const later = await service(9, '60');
  await expect(later.run()).rejects.toThrow('No forecast has been issued yet.');
  expect(later.asked()).toBe(1);
});
