import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { notifyCommand } from '../../../client/commands/notify.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Starts a receiver that answers with one status, sets it as the webhook, and returns the events that it gets. */
async function receiver(status: number): Promise<{ events: Record<string, unknown>[]; origin: string }> {
  const events: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      events.push(JSON.parse(body) as Record<string, unknown>);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv('WEBHOOK_URL', `${origin}/hooks/T0KEN`);
  return { events, origin };
}

/** Returns what the command prints. */
async function output(): Promise<string> {
  let written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
  await notifyCommand().parseAsync(['test'], { from: 'user' });
  return written;
}

it('sends one event and shows status and time, but not the path of the webhook', async () => {
  const { events, origin } = await receiver(202);
  vi.stubEnv('WEBHOOK_SECRET', 'key');
  const text = await output();
  expect(events).toMatchObject([{ type: 'test', workflowId: 'none' }]);
  expect(text).toMatch(
    new RegExp(`^${origin} answered 202 in \\d+ ms to event ${String(events[0]!['id'])} \\(signed\\)\n$`),
  );
});

it('fails with the status of a receiver that rejects the event', async () => {
  await receiver(403);
  await expect(output()).rejects.toMatchObject({ code: 'UPSTREAM_REFUSED' });
  await expect(output()).rejects.toThrow('answered 403');
});

it('fails without a webhook, and says how to set one', async () => {
  vi.stubEnv('WEBHOOK_URL', '');
  await expect(output()).rejects.toMatchObject({ code: 'BAD_SETTING', details: { setting: 'WEBHOOK_URL' } });
});
