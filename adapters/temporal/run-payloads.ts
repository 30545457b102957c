/** Reads from Temporal what runs refer to: their inputs, the results of their steps, and the progress of pending steps. */
import type { Client } from '@temporalio/client';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';

export interface ListedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: Date;
  readonly isOpen: boolean;
}

const RUNS_A_PAGE = 500;
const EVENTS_A_PAGE = 500;

/** Lists the open runs, and the runs that closed at `since` or later. */
export async function* openOrRecentRuns(client: Client, since: Date): AsyncGenerator<ListedRun> {
  const query = `ExecutionStatus = 'Running' OR CloseTime >= '${since.toISOString()}'`;
  try {
    for await (const run of client.workflow.list({ query, pageSize: RUNS_A_PAGE })) {
      const { workflowId, runId, startTime, status } = run;
      yield { workflowId, runId, startedAt: startTime, isOpen: status.name === 'RUNNING' };
    }
  } catch (error) {
    throw unavailable('list the open runs', error);
  }
}

export interface RunState {
  /** Number of events in the history. */
  readonly events: number;
  /** JSON texts of the heartbeats of pending steps. */
  readonly heartbeats: readonly string[];
}

/** Returns how far a run is. Returns undefined if the run no longer exists. */
export async function stateOfRun(client: Client, run: ListedRun): Promise<RunState | undefined> {
  const answer = await existing(`describe ${run.workflowId}`, () =>
    client.workflowService.describeWorkflowExecution({
      namespace: client.options.namespace,
      execution: { workflowId: run.workflowId, runId: run.runId },
    }),
  );
  return (
    answer && {
      events: Number(answer.workflowExecutionInfo?.historyLength ?? 0),
      heartbeats: textsIn(answer.pendingActivities),
    }
  );
}

/** Yields the JSON texts of all payloads in the history of a run, page by page. */
export async function* payloadsOfRun(
  client: Client,
  { workflowId, runId }: ListedRun,
): AsyncGenerator<readonly string[]> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const token = nextPageToken;
    const page = await existing(`read the history of ${workflowId}`, () =>
      client.workflowService.getWorkflowExecutionHistory({
        namespace: client.options.namespace,
        execution: { workflowId, runId },
        maximumPageSize: EVENTS_A_PAGE,
        nextPageToken: token,
      }),
    );
    yield textsIn(page?.history?.events);
    nextPageToken = page?.nextPageToken?.length ? page.nextPageToken : undefined;
  } while (nextPageToken);
}

/** Returns the texts of all payloads in a message of Temporal, at any depth, whatever kind of event holds them. */
function textsIn(message: unknown): string[] {
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return [];
  const { data, metadata } = message as { readonly data?: unknown; readonly metadata?: unknown };
  if (data instanceof Uint8Array && metadata !== undefined) return [Buffer.from(data).toString('utf8')];
  return Object.values(message).flatMap(textsIn);
}

const NOT_FOUND = 5;

/** Returns undefined if the run does not exist: it closed, and Temporal deleted its history. */
async function existing<T>(what: string, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === NOT_FOUND) return undefined;
    throw unavailable(what, error);
  }
}

function unavailable(what: string, error: unknown): CitibikeError {
  return new CitibikeError(
    'UPSTREAM_UNAVAILABLE',
    `Temporal could not ${what}: ${messageOf(error)}`,
    {},
    { cause: error },
  );
}
