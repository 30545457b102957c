/** A client that connects when it is first used and again when the server is back: for who must start without Temporal. */
import { Client, Connection } from '@temporalio/client';
import type { TemporalSettings } from './connect.ts';

/** The caller closes `connection`. */
export function lazyClient(settings: TemporalSettings): { client: Client; connection: Connection } {
  const { address, apiKey, tls, namespace } = settings;
  const connection = Connection.lazy({
    address,
    tls: tls ? {} : null,
    ...(apiKey ? { apiKey } : {}),
    connectTimeout: '2s',
  });
  return { connection, client: new Client({ connection, namespace }) };
}
