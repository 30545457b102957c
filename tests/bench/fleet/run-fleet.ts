/** Starts runs at once and waits for them within a limit, with progress. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { startWorkflow } from '../../../client/start.ts';

export interface Fleet {
  readonly name: string;
  readonly started: number;
  /** Results of the runs that completed. */
  readonly results: readonly unknown[];
  readonly seconds: number;
  /** Events in the histories of the fleet's runs and their children, by run. */
  readonly events: readonly number[];
}

/** Limits one fleet. A run that is open then counts as lost. */
const LIMIT_MS = 30 * 60_000;
const PROGRESS_MS = 30_000;
/** Visibility shows the end of a run a moment after its result. */
const VISIBILITY_MS = 10_000;

/** Starts all runs at once. A run that fails, or is open at the limit, counts as lost. */
export async function runFleet(
  client: Client,
  name: string,
  type: string,
  inputs: readonly object[],
  log: (line: string) => void,
): Promise<Fleet> {
  log(`  ${name}: ${inputs.length} runs of ${type}`);
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1000;
  const results: unknown[] = [];
  let failed = 0;
  const follow = async (input: object, id: string): Promise<void> => {
    try {
      const handle = await startWorkflow(client, type, input, id);
      results.push(await handle.result());
    } catch (error) {
      failed += 1;
      log(`  ${id}: ${String(error)}`);
    }
  };
  const ended = Promise.all(inputs.map((input, i) => follow(input, `${name}-${i + 1}`)));
  const progress = setInterval(
    () => log(`  ${results.length} completed, ${failed} failed after ${elapsed().toFixed(0)} s`),
    PROGRESS_MS,
  );
  const limit = new AbortController();
  await Promise.race([ended, sleep(LIMIT_MS, undefined, { signal: limit.signal })]);
  limit.abort();
  clearInterval(progress);
  const fleet = { name: `${inputs.length} × ${type}`, started: inputs.length, results: [...results] };
  const seconds = elapsed();
  log(`  ${fleet.results.length} of ${fleet.started} completed in ${seconds.toFixed(0)} s`);
  return { ...fleet, seconds, events: await eventsOf(client, `WorkflowId STARTS_WITH '${name}-'`) };
}

async function eventsOf(client: Client, query: string): Promise<number[]> {
  const until = performance.now() + VISIBILITY_MS;
  const open = `${query} AND ExecutionStatus = 'Running'`;
  while ((await client.workflow.count(open)).count > 0 && performance.now() < until) await sleep(500);
  const events: number[] = [];
  for await (const run of client.workflow.list({ query })) events.push(run.historyLength);
  return events;
}
