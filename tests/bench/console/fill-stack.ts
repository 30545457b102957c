/** Creates the data for the console bench: run records, registered versions, and a workflow with a long history. */
import path from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Database } from '../../../adapters/postgres/database.ts';
import { MlflowClient } from '../../../adapters/mlflow/mlflow-client.ts';
import { connectClient } from '../../../adapters/temporal/temporal-connection.ts';
import { inParallel } from '../../../contracts/in-parallel.ts';
import type { Settings } from '../../../settings.ts';

const TASK_QUEUE = 'bench-console';
const AT_ONCE = 8;

/** Creates one run every five minutes up to now, of every type; a tenth of them failed. */
export async function insertRuns({ databaseUrl }: Settings, count: number): Promise<void> {
  const database = new Database(databaseUrl);
  try {
    await database.query(
      `INSERT INTO workflow_runs (workflow_id, run_id, type, status, input, result, failure, started_at, closed_at)
       SELECT types.type || '-' || i, gen_random_uuid()::text, types.type,
         CASE WHEN i % 10 = 0 THEN 'failed' ELSE 'completed' END,
         '{"system": "nyc", "from": "2024-01", "to": "2024-12"}', '{"months": 12, "trips": 1000000, "hours": 8783}',
         CASE WHEN i % 10 = 0 THEN 'made up' END,
         now() - i * interval '5 minutes', now() - i * interval '5 minutes' + interval '90 seconds'
       FROM generate_series(1, $1::integer) AS i,
         LATERAL (SELECT (ARRAY['ingest', 'training', 'monitoring', 'deployment', 'promotion'])[1 + i % 5]) AS types (type)`,
      [count],
    );
  } finally {
    await database.close();
  }
}

/** Registers versions; the last one is champion. */
export async function registerVersions({ mlflow, modelName }: Settings, count: number): Promise<void> {
  const client = new MlflowClient(mlflow);
  await client.registry.ensureModel(modelName, 'made up for the bench');
  const create = async (i: number) => {
    const response = await fetch(`${mlflow.trackingUri}/api/2.0/mlflow/model-versions/create`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: modelName,
        source: `s3://mlflow-artifacts/bench/${i}`,
        description: 'Promoted: RMSE 812.3 against 830.1 of the champion over the same 2159 hours.',
        tags: Object.entries({ rmse: 800 + (i % 50), mae: 500 + (i % 40), r2: 0.94, stage: 'Archived' }).map(
          ([key, value]) => ({ key, value: String(value) }),
        ),
      }),
    });
    if (!response.ok) throw new Error(`MLflow answered ${response.status}: ${await response.text()}`);
  };
  await inParallel(
    Array.from({ length: count }, (_, i) => i),
    AT_ONCE,
    create,
  );
  await client.registry.setAlias(modelName, 'champion', String(count));
}

/** Runs a workflow of many steps on its own worker. @returns its id and the number of events in its history. */
export async function runLongWorkflow({
  temporal,
}: Settings): Promise<{ workflowId: string; events: number }> {
  Runtime.install({ logger: new DefaultLogger('WARN') });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const { client, connection: asking } = await connectClient(temporal);
  try {
    const worker = await Worker.create({
      connection,
      namespace: temporal.namespace,
      taskQueue: TASK_QUEUE,
      workflowsPath: path.join(import.meta.dirname, 'long-workflow.ts'),
      activities: {
        readMonth: ({ month }: { month: number }) =>
          Promise.resolve({ uri: `s3://citibike-data/bench/${month}.parquet`, rows: 744 }),
      },
    });
    const workflowId = 'bench-long-run';
    await worker.runUntil(
      client.workflow.execute('longWorkflow', {
        workflowId,
        taskQueue: TASK_QUEUE,
        // Each round usually has 5 × 3 events of its steps and 3 of the workflow task.
        args: [{ rounds: 110, width: 5 }],
      }),
    );
    const { historyLength } = await client.workflow.getHandle(workflowId).describe();
    return { workflowId, events: historyLength };
  } finally {
    await asking.close();
    await connection.close();
  }
}
