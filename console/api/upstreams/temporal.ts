/** Reads Temporal for the console, with types, deadlines and errors of the catalogue. */
import {
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
  type Connection,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleSummary,
  type WorkflowExecutionInfo,
} from '@temporalio/client';
import { CitibikeError, messageOf } from '../../../contracts/errors.ts';
import type { Progress } from '../../../contracts/progress.ts';
import { TASK_QUEUE } from '../../../contracts/task-queues.ts';
import { Cache } from './cache.ts';
import { ScheduleChanges, type ScheduleChange } from '../../../adapters/temporal/schedule-changes.ts';
import { startedByMemo } from '../../../contracts/started-by.ts';

const CALL_MS = 4_000;
/** Sets the timeout of a schedule change, which waits for earlier changes. */
const CHANGE_MS = 20_000;
/** Sets the timeout of a query. A worker answers within milliseconds; without a live worker, no answer comes. */
const QUERY_MS = 1_500;
const EVENTS_A_PAGE = 1_000;
const RUNS_A_PAGE = 500;
const LIST_MS = 20_000;

export type RawEvent = NonNullable<
  NonNullable<
    Awaited<ReturnType<Client['workflowService']['getWorkflowExecutionHistory']>>['history']
  >['events']
>[number];
export type RawDescription = Awaited<ReturnType<Client['workflowService']['describeWorkflowExecution']>>;

export class TemporalSource {
  readonly #client: Client;
  readonly #connection: Connection;
  readonly #namespace: string;
  readonly #scheduleChanges: ScheduleChanges;
  readonly #progress = new Cache<Progress | null>(1_500, 500);

  constructor({ client, connection }: { client: Client; connection: Connection }, namespace: string) {
    this.#client = client;
    this.#connection = connection;
    this.#namespace = namespace;
    this.#scheduleChanges = new ScheduleChanges(client, namespace);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async ping(): Promise<void> {
    await this.#call('answer a ping', () =>
      this.#client.workflowService.getSystemInfo({}).then(() => undefined),
    );
  }

  /** Yields the results of a visibility query page by page, up to `limit`: running runs, then the last closed ones. */
  async *list(query: string, limit: number): AsyncGenerator<readonly WorkflowExecutionInfo[]> {
    const runs = this.#client.workflow.list({ query, pageSize: RUNS_A_PAGE })[Symbol.asyncIterator]();
    let rest = limit;
    while (rest > 0) {
      const most = Math.min(rest, RUNS_A_PAGE);
      const page = await this.#call('list runs', () => taken(runs, most), LIST_MS);
      if (page.length > 0) yield page;
      rest = page.length < most ? 0 : rest - page.length;
    }
  }

  async describe(workflowId: string, runId?: string): Promise<RawDescription> {
    return this.#call(`describe ${workflowId}`, () =>
      this.#client.workflowService.describeWorkflowExecution({
        namespace: this.#namespace,
        execution: { workflowId, runId },
      }),
    );
  }

  /** Yields a history page by page, so that a long one is never in memory as a whole. */
  async *history(workflowId: string, runId: string): AsyncGenerator<readonly RawEvent[]> {
    let nextPageToken: Uint8Array | undefined;
    do {
      const token = nextPageToken;
      const page = await this.#call(`read the history of ${workflowId}`, () =>
        this.#client.workflowService.getWorkflowExecutionHistory({
          namespace: this.#namespace,
          execution: { workflowId, runId },
          maximumPageSize: EVENTS_A_PAGE,
          nextPageToken: token,
        }),
      );
      yield page.history?.events ?? [];
      nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
    } while (nextPageToken);
  }

  /** Returns the last event of a history, which shows how a closed run ended. */
  async lastEvent(workflowId: string, runId: string): Promise<RawEvent | undefined> {
    const page = await this.#call(`read the end of ${workflowId}`, () =>
      this.#client.workflowService.getWorkflowExecutionHistoryReverse({
        namespace: this.#namespace,
        execution: { workflowId, runId },
        maximumPageSize: 1,
      }),
    );
    return page.history?.events?.[0];
  }

  /** Returns null if no worker answers; that does not mean that Temporal is down. */
  async progress(workflowId: string, runId: string): Promise<Progress | null> {
    return this.#progress.get(`${workflowId} ${runId}`, async () => {
      try {
        return await this.#connection.withDeadline(Date.now() + QUERY_MS, () =>
          this.#client.workflow.getHandle(workflowId, runId).query<Progress, []>('progress'),
        );
      } catch {
        return null;
      }
    });
  }

  async start(
    type: string,
    workflowId: string,
    input: unknown,
    user: string,
  ): Promise<{ workflowId: string; runId: string }> {
    return this.#call(`start ${workflowId}`, async () => {
      const handle = await this.#client.workflow.start(type, {
        taskQueue: TASK_QUEUE,
        workflowId,
        args: [input],
        ...startedByMemo(user),
      });
      return { workflowId, runId: handle.firstExecutionRunId };
    });
  }

  async cancel(workflowId: string, runId?: string): Promise<void> {
    await this.#call(`cancel ${workflowId}`, () =>
      this.#client.workflow.getHandle(workflowId, runId).cancel(),
    );
  }

  async terminate(workflowId: string, reason: string, runId?: string): Promise<void> {
    await this.#call(`terminate ${workflowId}`, () =>
      this.#client.workflow.getHandle(workflowId, runId).terminate(reason),
    );
  }

  async update<T>(workflowId: string, name: string, argument: unknown): Promise<T> {
    return this.#call(
      `send ${name} to ${workflowId}`,
      () =>
        this.#client.workflow.getHandle(workflowId).executeUpdate<T, [unknown]>(name, { args: [argument] }),
      15_000,
    );
  }

  async listSchedules(): Promise<ScheduleSummary[]> {
    return this.#call('list schedules', async () => {
      const found: ScheduleSummary[] = [];
      for await (const schedule of this.#client.schedule.list()) found.push(schedule);
      return found;
    });
  }

  /** Describes all schedules. The list may still name one that was deleted just now; it is left out. */
  async schedules(): Promise<ScheduleDescription[]> {
    const described = await Promise.all(
      (await this.listSchedules()).map(({ scheduleId }) =>
        this.schedule(scheduleId).catch((error: unknown) => {
          if (error instanceof CitibikeError && error.code === 'SOURCE_NOT_FOUND') return undefined;
          throw error;
        }),
      ),
    );
    return described.filter((schedule) => schedule !== undefined);
  }

  async schedule(id: string): Promise<ScheduleDescription> {
    return this.#call(`describe schedule ${id}`, () => this.#client.schedule.getHandle(id).describe());
  }

  async changeSchedule(id: string, change: ScheduleChange): Promise<void> {
    const what = `change schedule ${id}${change.kind === 'replace' ? ` ${TIMES}` : ''}`;
    await this.#call(what, () => this.#scheduleChanges.apply(id, change), CHANGE_MS);
  }

  async createSchedule(options: ScheduleOptions): Promise<void> {
    await this.#call(
      `create schedule ${options.scheduleId} ${TIMES}`,
      () => this.#client.schedule.create(options),
      CHANGE_MS,
    );
  }

  /** Deletes a schedule. Runs that it started continue. */
  async deleteSchedule(id: string): Promise<void> {
    await this.#call(`delete schedule ${id}`, () => this.#client.schedule.getHandle(id).delete(), CHANGE_MS);
  }

  async #call<T>(what: string, work: () => Promise<T>, ms = CALL_MS): Promise<T> {
    try {
      return await this.#connection.withDeadline(Date.now() + ms, work);
    } catch (error) {
      throw asCatalogueError(error, what);
    }
  }
}

/** Ends the description of a call that sends the times of a schedule. */
const TIMES = 'at these times';
async function taken<T>(items: AsyncIterator<T>, most: number): Promise<T[]> {
  const found: T[] = [];
  while (found.length < most) {
    const item = await items.next();
    if (item.done) break;
    found.push(item.value);
  }
  return found;
}

const NOT_FOUND = 5;
/** Holds the gRPC codes INVALID_ARGUMENT, ALREADY_EXISTS and FAILED_PRECONDITION. */
const REFUSALS = [3, 6, 9];

function asCatalogueError(error: unknown, what: string): Error {
  if (error instanceof CitibikeError) return error;
  const cause = { cause: error };
  const grpc = grpcOf(error);
  if (
    error instanceof WorkflowNotFoundError ||
    error instanceof ScheduleNotFoundError ||
    grpc?.code === NOT_FOUND
  ) {
    return new CitibikeError(
      'SOURCE_NOT_FOUND',
      `Temporal could not ${what}: it does not exist, or it has ended`,
      {},
      cause,
    );
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError)
    return new CitibikeError('CONFLICT', `Temporal could not ${what}: it already runs`, {}, cause);
  if (error instanceof ScheduleAlreadyRunning)
    return new CitibikeError(
      'CONFLICT',
      `Temporal could not ${what}: it already exists; choose another id`,
      {},
      cause,
    );
  // The client reports times that Temporal rejects, such as those of a wrong cron expression, as a TypeError.
  if (error instanceof TypeError && what.endsWith(TIMES))
    return new CitibikeError('INVALID_INPUT', `Temporal could not ${what}: ${error.message}`, {}, cause);
  if (error instanceof WorkflowUpdateFailedError)
    return new CitibikeError('INVALID_INPUT', messageOf(error.cause ?? error), {}, cause);
  if (grpc && REFUSALS.includes(grpc.code))
    return new CitibikeError(
      'INVALID_INPUT',
      `Temporal could not ${what}: ${grpc.details || grpc.message}`,
      {},
      cause,
    );
  return new CitibikeError(
    'UPSTREAM_UNAVAILABLE',
    `Temporal could not ${what}: ${messageOf(grpc ?? error)}`,
    {},
    cause,
  );
}

/** Returns gRPC's error, which the client sometimes wraps in its own. */
function grpcOf(error: unknown): { code: number; details: string; message: string } | undefined {
  if (isGrpcServiceError(error)) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) ? cause : undefined;
}
