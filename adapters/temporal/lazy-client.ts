/** Creates a client that connects on first use and reconnects when the server recovers, for processes that start without Temporal. */
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { TemporalSettings } from './temporal-connection.ts';

/** Limits the attempts of a call. A person waits for the answer, so a failed call is retried only once. */
const ATTEMPTS = 2;
/** Limits the pause between attempts to connect, so that a recovered server is soon noticed. */
const LONGEST_RECONNECT_MS = 2_000;

/** Creates the client. The caller closes `connection`. */
export function lazyClient(settings: TemporalSettings): { client: Client; connection: Connection } {
  const { address, apiKey, tls, namespace } = settings;
  const connection = Connection.lazy({
    address,
    tls: tls ? {} : null,
    apiKey,
    connectTimeout: '2s',
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: ATTEMPTS }))],
    channelArgs: { 'grpc.max_reconnect_backoff_ms': LONGEST_RECONNECT_MS },
  });
  return { connection, client: new Client({ connection, namespace }) };
}
