/** Prepares the running stack with New York's months, for benches of workflows. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@temporalio/client';
import { connectClient } from '../../../adapters/temporal/temporal-connection.ts';
import { startWorkflow } from '../../../client/start.ts';
import type { MonthSpan } from '../../../contracts/months.ts';
import { loadSettings } from '../../../settings.ts';
import { addSourceFolder } from '../../../stack/source-folders.ts';
import { findBenchData } from '../accuracy/bench-data.ts';
import { pidOf } from './stack-processes.ts';

export interface RunningStack {
  readonly client: Client;
  /** Process id of the stack's own worker. */
  readonly workerPid: number;
}

/**
 * Ingests the months first; ingested months come from the cache.
 * @throws CitibikeError that says to start the stack if it does not run.
 */
export async function withRunningStack<T>(
  months: MonthSpan,
  body: (stack: RunningStack) => Promise<T>,
): Promise<T> {
  const folder = path.dirname(path.dirname(findBenchData().hourly[0]!));
  const settings = loadSettings();
  const { client, connection } = await connectClient(settings.temporal);
  try {
    const source = { trips: pathToFileURL(folder).href };
    addSourceFolder(settings, source.trips);
    const ingest = await startWorkflow(client, 'ingest', { system: 'nyc', ...months, source });
    await ingest.result();
    return await body({ client, workerPid: pidOf(settings, 'worker') });
  } finally {
    await connection.close();
  }
}
