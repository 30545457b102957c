/** Connects to Temporal: a dev server, a cluster or Temporal Cloud, depending on the settings. */
import { Client, Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

export interface TemporalSettings {
  readonly address: string;
  readonly namespace: string;
  /** An API key turns TLS on. */
  readonly apiKey: string | undefined;
  readonly tls: boolean;
}

function optionsOf({ address, apiKey, tls }: TemporalSettings) {
  return { address, tls: tls ? {} : null, apiKey };
}

function unreachable(settings: TemporalSettings, error: unknown): CitibikeError {
  return new CitibikeError(
    'UPSTREAM_UNAVAILABLE',
    `Temporal does not answer at ${settings.address}: ${messageOf(error)}. Start the stack with 'make up', or set TEMPORAL_ADDRESS.`,
    {},
    { cause: error },
  );
}

/** Connects a client. The caller closes `connection`. */
export async function connectClient(
  settings: TemporalSettings,
): Promise<{ client: Client; connection: Connection }> {
  try {
    const connection = await Connection.connect({ ...optionsOf(settings), connectTimeout: '5s' });
    return { connection, client: new Client({ connection, namespace: settings.namespace }) };
  } catch (error) {
    throw unreachable(settings, error);
  }
}

/** Connects a worker. The caller closes the connection. */
export async function connectWorker(settings: TemporalSettings): Promise<NativeConnection> {
  // The package loads a bundler of 20 MB, which clients and health checks do not need.
  const { NativeConnection } = await import('@temporalio/worker');
  try {
    return await NativeConnection.connect(optionsOf(settings));
  } catch (error) {
    throw unreachable(settings, error);
  }
}
