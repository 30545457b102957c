/**
 * Creates what each service must contain before others use it. The supervisor runs these functions after every start, so they are
 * idempotent. `citibike provision` runs them on services elsewhere.
 */
import { CitibikeError, messageOf } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import type { Settings } from '../settings.ts';
import type { Provisioning } from '../stack/supervisor.ts';
import { layoutOf } from '../stack/stack-layout.ts';
import { printNote } from './print.ts';

export const PROVISIONING: Provisioning = {
  /** Creates the tables of the `monitoring` database and grants each role its rights. */
  async postgres(settings) {
    const { migrate } = await import('../adapters/postgres/migrate.ts');
    await migrate(settings.databaseOwnerUrl);
  },

  /** Creates the buckets, and sets their policies if there is a file of them. */
  async s3(settings) {
    const { ObjectStore } = await import('../adapters/s3/object-store.ts');
    const objects = new ObjectStore(settings.s3);
    try {
      await Promise.all(Object.values(settings.s3.buckets).map((bucket) => objects.ensureBucket(bucket)));
      const policies = settings.s3.bucketPolicies ? await readBucketPolicies(settings.s3.bucketPolicies) : {};
      for (const [bucket, policy] of Object.entries(policies)) await objects.setPolicy(bucket, policy);
    } finally {
      objects.close();
    }
  },

  /** Creates the experiment that trainings log to. */
  async mlflow(settings) {
    const { MlflowClient } = await import('../adapters/mlflow/mlflow-client.ts');
    await new MlflowClient(settings.mlflow).experiments.ensure(settings.mlflow.experiment);
  },

  /** Resumes what a backup paused, and creates the schedules of inputs/schedules.yaml. */
  async temporal(settings) {
    const [
      { connectClient },
      { ensureNamespace },
      { SEARCH_ATTRIBUTES },
      { applySchedules, readSchedules },
      { resumeSchedules },
    ] = await Promise.all([
      import('../adapters/temporal/temporal-connection.ts'),
      import('../adapters/temporal/ensure-namespace.ts'),
      import('../stack/services/temporal.ts'),
      import('./apply-schedules.ts'),
      import('./paused-schedules.ts'),
    ]);
    const { client, connection } = await connectClient(settings.temporal);
    try {
      const { namespace, apiKey } = settings.temporal;
      // With an API key it is Temporal Cloud, which creates both by an API of its own.
      if (apiKey === undefined) await ensureNamespace(connection, namespace, SEARCH_ATTRIBUTES);
      // A schedule that stays paused must not keep the stack from starting; the next start tries again.
      await resumeSchedules(client, layoutOf(settings).pausedSchedules).catch((error: unknown) =>
        printNote(`the schedules that a backup paused stay paused: ${messageOf(error)}\n`),
      );
      const schedules = await readSchedules();
      const applied = await applySchedules(client, schedules);
      const { auditSchedules } = await import('./audit-schedules.ts');
      await auditSchedules(settings, applied, schedules);
    } finally {
      await connection.close();
    }
  },
};

/** Reads a file with one policy per bucket. */
async function readBucketPolicies(file: string): Promise<Record<string, object>> {
  const { readFile } = await import('node:fs/promises');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, object>;
  } catch (error) {
    throw new CitibikeError(
      'BAD_SETTING',
      `setting S3_BUCKET_POLICIES: ${showValue(file)} cannot be read (${messageOf(error)}); expected a JSON object with one policy per bucket`,
      { file },
    );
  }
}

/** Provisions everything that the settings point at. */
export async function provisionAll(settings: Settings, report: (line: string) => void): Promise<void> {
  for (const [service, provision] of Object.entries(PROVISIONING)) {
    await provision(settings);
    report(`${service}: ready`);
  }
}
