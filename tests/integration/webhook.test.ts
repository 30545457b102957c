/** Tests the webhook's events of workflows on the real stack. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signatureOf } from '../../adapters/webhook/webhook.ts';
import { Lab, SECRET } from './promotion/lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await Lab.open();
});

afterAll(() => lab?.close());

describe('the webhook', () => {
  const eventsOf = (text: string) => lab.received.filter(({ event }) => event.text.includes(text));

  it('receives signed events of promotions and rollbacks', async () => {
    const model = await lab.newModel();
    const [version, testFrame] = [await lab.register(model, 100), await lab.frame()];
    await lab.run('promotion', { model, version, testFrame }, `promotion-${model}`);
    await lab.crown(model, await lab.register(model, 200));
    await expect.poll(() => eventsOf(`of ${model} is champion`)).toHaveLength(2);
    const [promoted, rolledBack] = eventsOf(`of ${model} is champion`);
    expect(promoted!.event).toMatchObject({ type: 'promotion', model, version: '1' });
    expect(rolledBack!.event).toMatchObject({ type: 'rollback', model, version: '2' });
    expect(promoted!.headers['x-citibike-signature']).toBe(signatureOf(SECRET, promoted!.body));
    expect(promoted!.headers['x-citibike-event-id']).toBe(promoted!.event.id);
  });

  it('receives a failed run once, under one id, regardless of its first answers', async () => {
    lab.answers.push(503, 503);
    await expect(lab.run('deployment', { model: 'no-such-model-anywhere' })).rejects.toThrow();
    await expect.poll(() => eventsOf('no-such-model-anywhere')).toHaveLength(3);
    await sleep(1_500);
    const events = eventsOf('no-such-model-anywhere');
    expect(events).toHaveLength(3);
    expect(new Set(events.map(({ event }) => event.id)).size).toBe(1);
    expect(events[0]!.event).toMatchObject({ type: 'run-failed', workflowType: 'deployment' });
  });
});
