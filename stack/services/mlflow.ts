/** Defines MLflow's tracking server: backend in Postgres, artifacts proxied to S3. */
import path from 'node:path';
import { MLFLOW_OWNER } from '../database-roles.ts';
import { databaseUrl, serverEnvironment } from '../environment.ts';
import type { Service } from '../service.ts';
import type { ServiceContext } from './context.ts';
import { answersOk } from './http-ready.ts';

export function mlflowService({ settings, layout, software, credentials }: ServiceContext): Service {
  const port = settings.ports.mlflow;
  return {
    name: 'mlflow',
    title: 'MLflow',
    address: `http://127.0.0.1:${port}`,
    ports: [{ port, setting: 'MLFLOW_PORT' }],
    needs: ['postgres', 's3'],
    // The first start also creates its tables.
    startTimeoutMs: 180_000,

    command: () => ({
      file: path.join(software.mlflow, 'bin', 'python'),
      // One worker and no job runner: with the defaults it takes 75 s to start and 1.8 GB.
      args: ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      env: serverEnvironment(layout, {
        PATH: `${path.join(software.mlflow, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
        // The environment carries the password, because every user can read the arguments.
        MLFLOW_BACKEND_STORE_URI: databaseUrl(
          settings,
          MLFLOW_OWNER,
          credentials.mlflowDatabasePassword,
          'mlflow',
        ).replace(/^postgres:/, 'postgresql+psycopg2:'),
        MLFLOW_ARTIFACTS_DESTINATION: `s3://${settings.s3.buckets.mlflow}`,
        MLFLOW_S3_ENDPOINT_URL: `http://127.0.0.1:${settings.ports.s3}`,
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        MLFLOW_DISABLE_TELEMETRY: 'true',
        AWS_ACCESS_KEY_ID: credentials.s3AccessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.s3SecretAccessKey,
        AWS_DEFAULT_REGION: settings.s3.region,
        // S3 would store a streamed checksum as the objects' Content-Encoding.
        AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
        PYTHONUNBUFFERED: '1',
      }),
      cwd: layout.data,
    }),

    isReady: () => answersOk(`http://127.0.0.1:${port}/health`),
  };
}
