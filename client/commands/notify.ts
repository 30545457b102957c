import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Command } from 'commander';
import { postWebhook } from '../../adapters/webhook/webhook.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { WebhookEvent } from '../../contracts/workflows/notification.ts';
import { loadSettings } from '../../settings.ts';
import { print } from '../print.ts';

/** `citibike notify test` */
export function notifyCommand(): Command {
  const command = new Command('notify').description('Checks the webhook that receives events.');
  command
    .command('test')
    .description(
      'Sends a test event to the webhook, signed as all events are, and shows status and time. Exits with 1 if none is set, or if the receiver does not accept the event.',
    )
    .addHelpText(
      'after',
      '\nThe command reads WEBHOOK_URL and WEBHOOK_SECRET here, as the worker does when it starts. Restart the worker after a change.',
    )
    .action(test);
  return command;
}

async function test(): Promise<void> {
  const { webhook } = loadSettings();
  if (!webhook) {
    throw new CitibikeError(
      'BAD_SETTING',
      'setting WEBHOOK_URL: no webhook is set, expected an http(s) URL. Set it in .env or in the environment of the worker, restart the worker, and repeat this command.',
      { setting: 'WEBHOOK_URL' },
    );
  }
  const id = `test-${randomUUID()}`;
  const began = performance.now();
  const status = await postWebhook(webhook, testEvent(id));
  const ms = Math.round(performance.now() - began);
  const signed = webhook.secret === undefined ? 'not signed, as WEBHOOK_SECRET is not set' : 'signed';
  // The path of a webhook is often secret.
  print(`${new URL(webhook.url).origin} answered ${status} in ${ms} ms to event ${id} (${signed})\n`);
}

function testEvent(id: string): WebhookEvent {
  return {
    id,
    type: 'test',
    at: new Date().toISOString(),
    workflowType: 'none',
    workflowId: 'none',
    runId: 'none',
    text: `test event of citibike notify test on ${hostname()}`,
  };
}
