/**
 * Creates what each service must contain before others use it. The supervisor runs these functions after every start, so they are
 * idempotent. `citibike provision` runs them on services elsewhere.
 */
import type { Settings } from '../settings.ts';
import type { Provisioning } from '../stack/supervisor.ts';

export const PROVISIONING: Provisioning = {
  /** Creates the tables of the `monitoring` database and grants each role its rights. */
  async postgres(settings) {
    const { migrate } = await import('../adapters/postgres/migrate.ts');
    await migrate(settings.databaseOwnerUrl);
  },

  /** Creates the buckets. */
  async s3(settings) {
    const { ObjectStore } = await import('../adapters/s3/object-store.ts');
    const objects = new ObjectStore(settings.s3);
    try {
      await Promise.all(Object.values(settings.s3.buckets).map((bucket) => objects.ensureBucket(bucket)));
    } finally {
      objects.close();
    }
  },

  /** Creates the experiment that trainings log to. */
  async mlflow(settings) {
    const { MlflowClient } = await import('../adapters/mlflow/mlflow-client.ts');
    await new MlflowClient(settings.mlflow).experiments.ensure(settings.mlflow.experiment);
  },

  /** Creates the schedules of inputs/schedules.yaml. */
  async temporal(settings) {
    const [{ connectClient }, { applySchedules, readSchedules }] = await Promise.all([
      import('../adapters/temporal/temporal-connection.ts'),
      import('./apply-schedules.ts'),
    ]);
    const { client, connection } = await connectClient(settings.temporal);
    try {
      await applySchedules(client, await readSchedules());
    } finally {
      await connection.close();
    }
  },
};

/** Provisions everything that the settings point at. */
export async function provisionAll(settings: Settings, report: (line: string) => void): Promise<void> {
  for (const [service, provision] of Object.entries(PROVISIONING)) {
    await provision(settings);
    report(`${service}: ready`);
  }
}
