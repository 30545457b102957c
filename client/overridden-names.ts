import { loadSettings, type Settings } from '../settings.ts';
import { credentialsOf, stackEnvironment } from '../stack/environment.ts';
import { layoutOf } from '../stack/stack-layout.ts';

/** Lists settings of the local stack that the shell or `.env` overrides. Compares parsed values, not texts. */
export function overriddenNames(settings: Settings): string[] {
  const stack: Record<string, string> = stackEnvironment(settings, credentialsOf(layoutOf(settings)));
  const now = loadSettings();
  const effective: Record<string, string | undefined> = {
    TEMPORAL_ADDRESS: now.temporal.address,
    AWS_ENDPOINT_URL: now.s3.endpoint,
    AWS_ACCESS_KEY_ID: now.s3.credentials?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: now.s3.credentials?.secretAccessKey,
    MLFLOW_TRACKING_URI: now.mlflow.trackingUri,
    DATABASE_URL: now.databaseUrl,
    DATABASE_OWNER_URL: now.databaseOwnerUrl,
    DATABASE_READER_URL: now.databaseReaderUrl,
  };
  return Object.keys(effective).filter((name) => effective[name] !== stack[name]);
}
