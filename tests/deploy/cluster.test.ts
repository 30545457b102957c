/** Runs the compose file in its profile `cluster`, and kills each role of Temporal, its Postgres and each worker mid-lifecycle. */
import { expect, test } from 'vitest';
import type { Leftovers } from './lifecycles.ts';
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
let undisturbed: Leftovers;

test('every service is healthy, and a lifecycle completes', async () => {
  say(`compose --profile cluster up --wait: ${(await used.project.up()).toFixed(0)} s`);
  const id = await used.lifecycles.start();
  undisturbed = await used.lifecycles.leftoversOf(id, await used.lifecycles.resultOf(id));
  expect(undisturbed).toMatchObject({ versions: 1, mlflowRuns: 1 });
});

test('lifecycles complete while each role, its Postgres and each worker die, with nothing doubled', async () => {
  const containers = await used.project.containers();
  const dying = DYING.map((name) => containers.find((container) => container.name === name)!);
  for (const left of await used.lifecycles.killInTurn(dying, say)) expect(left).toEqual(undisturbed);
});
