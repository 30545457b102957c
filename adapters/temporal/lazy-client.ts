/** A client that connects when it is first used and again when the server is back: for who must start without Temporal. */
import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { TemporalSettings } from './connect.ts';

/** Who waits is a person: a lost call is made once more, and then told. */
const ATTEMPTS = 2;
/** Between two tries to connect, so that a server that is back is soon seen. */
const LONGEST_RECONNECT_MS = 2_000;

/** The caller closes `connection`. */
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
