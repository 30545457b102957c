import { expect, it } from 'vitest';
import { webhookState } from '../../../console/api/webhook-state.ts';

it.each([
  ['unknown', null, null],
  ['of no worker', { workers: 0, withWebhook: 0 }, null],
  ['of workers without one', { workers: 2, withWebhook: 0 }, 'unset'],
  ['of workers that differ', { workers: 2, withWebhook: 1 }, 'partly-set'],
  ['of workers with one', { workers: 2, withWebhook: 2 }, 'set'],
])('the webhook %s', (_, workers, state) => {
  expect(webhookState(workers)).toBe(state);
});
