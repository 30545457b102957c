/** Prints the logs of a run's steps in order of time, and what is added while the run continues. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CitibikeError } from '../contracts/errors.ts';
import { inParallel } from '../contracts/in-parallel.ts';
import { showValue } from '../contracts/show-value.ts';
import { askConsole } from './console-api.ts';
import { findSteps, type NamedStep } from './find-steps.ts';
import { logEntries, mergedByTime } from './log-entries.ts';
import { print } from './print.ts';

/** The worker writes a line within 300 ms, so this interval prints it within 2 s. */
const FOLLOW_MS = 500;
const READS_AT_ONCE = 8;

interface RunSteps {
  readonly run: { readonly runId: string; readonly state: string };
  readonly steps: readonly NamedStep[] | null;
}

interface AttemptLog {
  readonly step: string;
  readonly attempt: number;
  readonly bytes: number;
}

interface FoundLog extends AttemptLog {
  readonly workflowId: string;
  readonly runId: string;
  /** Name of the step, with dots for steps of child workflows. */
  readonly label: string;
}

interface FoundLogs {
  readonly state: string;
  readonly logs: readonly FoundLog[];
  /** Lists the steps of the run in which no step has the name. */
  readonly unknown?: CitibikeError;
}

export interface RunLogOptions {
  readonly runId?: string | undefined;
  readonly follow?: boolean | undefined;
}

/**
 * Prints the log of every step that the name means, or of all steps, also those of child workflows. Dots lead into child
 * workflows, as in `training.train`.
 * @throws CitibikeError SOURCE_NOT_FOUND if no such step has a log; the message lists the steps.
 */
export async function printRunLogs(
  run: string,
  step: string | undefined,
  { runId, follow = false }: RunLogOptions = {},
): Promise<void> {
  const positions = new Map<string, number>();
  const wanted = step?.split('.') ?? [];
  for (let wasOver = false; ;) {
    const { state, logs, unknown } = await findLogs(run, runId, wanted);
    const isOver = state !== 'running' && state !== 'continued';
    if (unknown && (!follow || isOver)) throw unknown;
    // A step that runs several times has several logs of one name.
    const isLabelled = step === undefined || new Set(logs.map(({ label }) => label)).size > 1;
    await printGrown(logs, positions, isLabelled);
    // The worker may write the last lines just after the run ended.
    if (!follow || wasOver) {
      if (positions.size === 0) throw noLog(run, step);
      if (follow && state !== 'completed') process.exitCode = 1;
      return;
    }
    wasOver = isOver;
    await sleep(FOLLOW_MS);
  }
}

async function findLogs(
  workflowId: string,
  asked: string | undefined,
  wanted: readonly string[],
  path: readonly string[] = [],
): Promise<FoundLogs> {
  const at = `/api/runs/${encodeURIComponent(workflowId)}`;
  const { run, steps } = await askConsole<RunSteps>(at, { runId: asked });
  const { runId, state } = run;
  const { items } = await askConsole<{ items: readonly AttemptLog[] }>(`${at}/logs/attempts`, { runId });
  // The steps are unknown if Temporal has deleted them; their logs may still exist under their ids.
  const known: readonly NamedStep[] = steps ?? items.map(({ step }) => ({ id: step, name: step }));
  const [first, ...rest] = wanted;
  const found = first === undefined ? known : findSteps(known, first);
  if (found.length === 0 && first !== undefined)
    return { state, logs: [], unknown: unknownStep(workflowId, first, known) };
  const activities = found.filter(({ childWorkflowId }) => childWorkflowId === undefined);
  const labels = new Map(activities.map((step) => [step.id, [...path, labelOf(step, known)].join('.')]));
  const logs = items.flatMap((log): FoundLog[] => {
    const label = rest.length === 0 ? labels.get(log.step) : undefined;
    return label === undefined ? [] : [{ ...log, workflowId, runId, label }];
  });
  // `train` means the activity `trainModel`, or the child workflow `training` in a run without such an activity.
  if (first !== undefined && rest.length === 0 && activities.length > 0) return { state, logs };
  const children = found.flatMap(({ childWorkflowId, childRunId, name }) =>
    childWorkflowId === undefined || childRunId === undefined
      ? []
      : [{ id: childWorkflowId, runId: childRunId, path: [...path, name] }],
  );
  if (rest.length > 0 && activities.length === found.length)
    return { state, logs, unknown: unknownStep(workflowId, wanted.join('.'), known) };
  const below = await inParallel(children, READS_AT_ONCE, (child) =>
    findLogs(child.id, child.runId, rest, child.path),
  );
  const unknown = below.length > 0 && below.every((each) => each.unknown) ? below[0]!.unknown : undefined;
  return { state, logs: [...logs, ...below.flatMap((each) => each.logs)], ...(unknown && { unknown }) };
}

/** Returns the name of a step, with its id if several steps of the run have this name. */
function labelOf({ id, name }: NamedStep, steps: readonly NamedStep[]): string {
  return steps.some((other) => other.name === name && other.id !== id) ? `${name}#${id}` : name;
}

/** Prints what the logs have beyond the positions, and moves the positions. */
async function printGrown(
  logs: readonly FoundLog[],
  positions: Map<string, number>,
  isLabelled: boolean,
): Promise<void> {
  const grown = logs.filter((log) => log.bytes > (positions.get(keyOf(log)) ?? 0));
  const read = grown.map((log) => logEntries(log.label, pagesOf(log, positions)));
  for await (const { label, lines } of mergedByTime(read, READS_AT_ONCE))
    print(lines.map((line) => (isLabelled ? `${label} | ${line}\n` : `${line}\n`)).join(''));
}

const keyOf = ({ runId, step, attempt }: FoundLog): string => `${runId} ${step} ${attempt}`;

/** Yields the text of a log from its position to its present end. */
async function* pagesOf(log: FoundLog, positions: Map<string, number>): AsyncGenerator<string> {
  const { workflowId, runId, step, attempt } = log;
  const at = `/api/runs/${encodeURIComponent(workflowId)}/steps/${encodeURIComponent(step)}/log`;
  for (let from = positions.get(keyOf(log)) ?? 0, end = log.bytes; from < end;) {
    const page = await askConsole<{ to: number; bytes: number; text: string }>(at, { runId, attempt, from });
    yield page.text;
    positions.set(keyOf(log), page.to);
    end = page.to > from ? page.bytes : from;
    from = page.to;
  }
}

function noLog(run: string, step: string | undefined): CitibikeError {
  const what = step === undefined ? `a step of ${run}` : `step ${showValue(step)}`;
  return new CitibikeError(
    'SOURCE_NOT_FOUND',
    `there is no log of ${what} yet; the worker writes it while the step runs`,
  );
}

function unknownStep(run: string, step: string, steps: readonly NamedStep[]): CitibikeError {
  const names = steps.map(({ id, name }) => `${name} (${id})`).join(', ');
  return new CitibikeError(
    'SOURCE_NOT_FOUND',
    `${run} has no step ${showValue(step)}, expected one of: ${names || 'none yet'}`,
  );
}
