/** A drift check that a schedule started on months whose trips are not published, so that it sleeps for days. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeSample } from '../../../client/write-sample.ts';
import type { ComposeProject } from '../compose-project.ts';
import { docker } from '../engine.ts';
import { INPUT } from '../lifecycles.ts';
import { PROJECT_NAME } from '../remove-projects.ts';

const ID = 'deploy-test-sleeper';
const MONTH = '2025-04';
const SCRIPT = path.join(import.meta.dirname, 'fire-timers.ts');

/** Begins a script that runs in a worker's container, with the packages of its release. */
const CLIENT = `import { Client, Connection } from '@temporalio/client';
const connection = await Connection.connect({ address: 'temporal:7233' });
const client = new Client({ connection });
const found = async () => {
  for await (const run of client.workflow.list({ query: "WorkflowType = 'monitoring' AND WorkflowId STARTS_WITH '${ID}'" })) return run;
};
`;

const inWorker = (project: ComposeProject, script: string): Promise<string> =>
  project.exec(
    'worker',
    1,
    'node',
    '--input-type=module',
    '-e',
    `${CLIENT}${script}\nawait connection.close();`,
  );

export async function startSleepingCheck(project: ComposeProject): Promise<void> {
  const input = { current: { from: MONTH, to: MONTH }, source: INPUT.source, retrain: false };
  const action = { type: 'startWorkflow', workflowType: 'monitoring', taskQueue: 'citibike', workflowId: ID };
  const schedule = { scheduleId: ID, spec: { intervals: [{ every: '1000d' }] }, action };
  await inWorker(
    project,
    `const schedule = ${JSON.stringify(schedule)};
schedule.action.args = [${JSON.stringify(input)}];
await (await client.schedule.create(schedule)).trigger();`,
  );
}

/** Returns the state of the run: its status and, if it is open, the steps of its progress. */
export function stateOfCheck(project: ComposeProject): Promise<string> {
  return inWorker(
    project,
    `const run = await found();
const steps = run?.status.name === 'RUNNING' ? await client.workflow.getHandle(run.workflowId).query('progress') : '';
console.log(run?.workflowId, run?.status.name, JSON.stringify(steps));`,
  );
}

/** Publishes the month, and makes the stopped Temporal server wake the check at its next start. */
export async function wakeCheck(project: ComposeProject, workflowId: string): Promise<void> {
  const later = mkdtempSync(path.join(tmpdir(), 'citibike-later-'));
  try {
    await writeSample({ out: later, system: INPUT.system, from: INPUT.train.from, to: MONTH });
    // The workers see the folder itself, so it is not replaced.
    for (const name of readdirSync(later))
      if (name.startsWith(MONTH.replace('-', '')) || name.startsWith('weather-'))
        cpSync(path.join(later, name), path.join(project.data, name));
  } finally {
    rmSync(later, { recursive: true });
  }
  const mounts = [
    '--volume',
    `${project.name}_temporal-data:/data`,
    '--volume',
    `${SCRIPT}:/fire-timers.ts:ro`,
  ];
  // Root, because the file belongs to the user of the earlier server until the project's start gives it away.
  const [entry, image] = ['--entrypoint=node', `${PROJECT_NAME}-worker:0.2.0`];
  const command = ['/fire-timers.ts', '/data/temporal.db', workflowId];
  await docker('run', '--rm', '--network=none', '--user=0', ...mounts, entry, image, ...command);
}
