/** Tests what the console still shows while one of its servers is unavailable. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renewToken } from '../../adapters/postgres/console-tokens.ts';
import { Database } from '../../adapters/postgres/database.ts';
import { connectClient } from '../../adapters/temporal/temporal-connection.ts';
import { TASK_QUEUE } from '../../contracts/task-queues.ts';
import type { WebhookEvent } from '../../contracts/workflows/notification.ts';
import type { UpstreamName } from '../../console/api/schemas/common.ts';
import type { RunBody, RunDetail } from '../../console/api/schemas/runs.ts';
import type { Settings } from '../../settings.ts';
import { act, ask, closeConsoles, consoleOn, settings, until, type Items } from '../fixtures/console-app.ts';
import { SeverableProxy } from '../fixtures/severable-proxy.ts';

const database = new Database(settings.databaseUrl);
const name = `test-${randomUUID().slice(0, 8)}`;
let token: string;
const auth = () => ({ authorization: `Bearer ${token}` });

beforeAll(async () => {
  token = await renewToken(database, name);
});

afterAll(async () => {
  await closeConsoles();
  await database.query('DELETE FROM console_tokens WHERE name = $1', [name]);
  await database.close();
});

/** Completes a run on the stack's worker, which records it. Returns its workflow id. */
async function recordedRun(): Promise<string> {
  const workflowId = `test-notification-${randomUUID().slice(0, 8)}`;
  const event: WebhookEvent = {
    id: workflowId,
    type: 'test',
    at: new Date().toISOString(),
    workflowType: 'notification',
    workflowId,
    runId: randomUUID(),
    text: 'A run of a test.',
  };
  const { client, connection } = await connectClient(settings.temporal);
  try {
    await client.workflow.execute('notification', { taskQueue: TASK_QUEUE, workflowId, args: [event] });
  } finally {
    await connection.close();
  }
  return workflowId;
}

describe('with a server down', () => {
  /** Port 1 of the loopback is closed. */
  const cases: [UpstreamName, Settings, string, string, (data: Record<string, unknown>) => unknown][] = [
    [
      'temporal',
      { ...settings, temporal: { ...settings.temporal, address: '127.0.0.1:1' } },
      '/api/schedules',
      '/api/models',
      ({ items }) => items,
    ],
    [
      'mlflow',
      { ...settings, mlflow: { ...settings.mlflow, trackingUri: 'http://127.0.0.1:1' } },
      '/api/models',
      '/api/runs',
      ({ items }) => items,
    ],
    [
      'postgres',
      { ...settings, databaseUrl: 'postgres://x@127.0.0.1:1/x' },
      '/api/drift',
      '/api/runs',
      ({ weeks }) => weeks,
    ],
    [
      's3',
      { ...settings, s3: { ...settings.s3, endpoint: 'http://127.0.0.1:1' } },
      '/api/data',
      '/api/runs',
      ({ months }) => months,
    ],
    [
      'inference',
      { ...settings, console: { ...settings.console, inferenceUrl: 'http://127.0.0.1:1' } },
      '/api/predict/day?date=2025-01-15&TMAX=40&TMIN=30',
      '/api/runs',
      (data) => data,
    ],
  ];

  it.each(cases)(
    '%s: its panels say so and the rest works',
    async (upstream, changed, itsPage, another, panelOf) => {
      const broken = await consoleOn(changed);
      const its = (await ask(broken, itsPage)).json<Record<string, unknown>>();
      expect(panelOf(its.data)).toBeNull();
      expect(its.upstreams[upstream]).toMatchObject({
        state: 'down',
        error: expect.stringMatching(/./) as unknown,
      });

      const other = (await ask(broken, another)).json<Items<unknown>>();
      expect(other.data.items).toBeInstanceOf(Array);
      expect((await ask(broken, '/api/overview')).status).toBe(200);
      expect((await ask(broken, '/api/status')).json<unknown>().upstreams[upstream]?.state).toBe('down');
    },
  );

  it('lists runs that it has seen in Temporal while Temporal is unavailable', async () => {
    const { ports } = settings;
    const proxy = await SeverableProxy.before('127.0.0.1', ports.temporal);
    const temporal = { ...settings.temporal, address: `127.0.0.1:${proxy.port}` };
    const severed = await consoleOn({ ...settings, temporal });
    const listed = async () => (await ask(severed, '/api/runs?limit=100')).json<Items<RunBody>>().data.items;
    const workflowId = await recordedRun();
    const find = (source: RunBody['source']) => async () =>
      (await listed()).find((run) => run.workflowId === workflowId && run.source === source);
    const seen = await until(find('temporal'));
    proxy.cut();
    const told = await until(find('records'));
    expect(told.runId).toBe(seen.runId);
    proxy.close();
  });

  it('lists runs from the records while Temporal is unavailable', async () => {
    const broken = await consoleOn(cases[0]![1]);
    await until(async () => {
      const { items } = (await ask(broken, '/api/runs')).json<Items<RunBody>>().data;
      return items.length > 0 ? items : undefined;
    });
    const [run] = (await ask(broken, '/api/runs?limit=1')).json<Items<RunBody>>().data.items;
    expect(run?.source).toBe('records');
    const detail = (await ask(broken, `/api/runs/${encodeURIComponent(run!.workflowId)}`)).json<RunDetail>();
    expect(detail.data.run.workflowId).toBe(run!.workflowId);
  });

  it('rejects an action that it cannot record in the audit', async () => {
    const broken = await consoleOn(cases[2]![1]);
    expect((await act(broken, '/api/runs', { type: 'deployment', input: {} }, auth())).status).toBe(503);
  });
});
