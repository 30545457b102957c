/** Runs the compose file in its profile `cluster`, and kills each role of Temporal, its Postgres and each worker mid-lifecycle. */
import { expect, test } from 'vitest';
import { doubledIn } from './lifecycles.ts';
import { say, useProject } from './use-project.ts';

const DYING = [
  'temporal-frontend-1',
  'worker-1',
  'temporal-history-1',
  'temporal-matching-1',
  'second-worker-1',
  'temporal-worker-1',
  'temporal-db-1',
];

const used = useProject('cluster', async () => ({ profile: 'cluster' }));

test('every service is healthy', async () => {
  say(`compose --profile cluster up --wait: ${(await used.project.up()).toFixed(0)} s`);
});

test('lifecycles complete while each role, its Postgres and each worker die, with nothing doubled', async () => {
  const containers = await used.project.containers();
  const dying = DYING.map((name) => containers.find((container) => container.name === name)!);
  const left = await used.lifecycles.killInTurn(dying, say);
  expect(left.map(doubledIn)).toEqual(left.map(() => []));
});
