import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { postWebhook } from '../../../adapters/webhook/webhook.ts';
import type { WebhookEvent } from '../../../contracts/workflows/notification.ts';

const EVENT: WebhookEvent = {
  id: 'promotion-1',
  type: 'promotion',
  at: '2025-02-01T00:00:00.000Z',
  workflowType: 'promotion',
  workflowId: 'promotion-m',
  runId: '1',
  text: 'version 2 of m is champion, files at https://ann:secret@s3/b',
  model: 'm',
  version: '2',
};

/** Starts a receiver that answers with one status, and returns its events and its address with a secret path. */
async function receiver(status: number) {
  const got: { request: IncomingMessage; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      got.push({ request, body });
      response.writeHead(status, { location: 'http://127.0.0.1:9/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/T0KEN` };
}

it('posts the event with its id, signed over the bytes sent, without passwords in its text', async () => {
  const { got, url } = await receiver(204);
  await postWebhook({ url, secret: 'key' }, EVENT);
  const [{ request, body }] = got as [{ request: IncomingMessage; body: string }];
  expect(JSON.parse(body)).toEqual({
    ...EVENT,
    text: 'version 2 of m is champion, files at https://***@s3/b',
  });
  expect(request.headers).toMatchObject({
    'x-citibike-event': 'promotion',
    'x-citibike-event-id': 'promotion-1',
    'x-citibike-signature': `sha256=${createHmac('sha256', 'key').update(body).digest('hex')}`,
  });
});

it('posts only the beginning and end of a text of 1.5 MB', async () => {
  const { got, url } = await receiver(204);
  await postWebhook({ url, secret: undefined }, { ...EVENT, text: `failed: ${'é'.repeat(1_500_000)}` });
  expect(Buffer.byteLength(got[0]!.body)).toBeLessThan(4_096);
  expect((JSON.parse(got[0]!.body) as WebhookEvent).text).toMatch(/^failed: éé/);
});

it('posts no signature without a secret', async () => {
  const { got, url } = await receiver(200);
  await postWebhook({ url, secret: undefined }, EVENT);
  expect(got[0]!.request.headers).not.toHaveProperty('x-citibike-signature');
});

it.each([
  [500, true],
  [429, true],
  [401, false],
  [302, false],
])(
  'handles an answer of %d (retryable: %s) without the secret path in the error',
  async (status, retryable) => {
    const { url } = await receiver(status);
    const failure = await postWebhook({ url, secret: 'key' }, EVENT).catch((error: unknown) => error);
    expect(failure).toMatchObject({ retryable });
    expect((failure as Error).message).toContain(`answered ${status}`);
    expect((failure as Error).message).not.toContain('T0KEN');
  },
);

it('retries an unavailable receiver', async () => {
  const failure = postWebhook({ url: 'http://127.0.0.1:9/T0KEN', secret: undefined }, EVENT);
  await expect(failure).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
  await expect(failure).rejects.not.toThrow('T0KEN');
});
