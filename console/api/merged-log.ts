/** Merges the logs of a run and of its child runs by time. */
import { LogFromEnd } from './log-from-end.ts';
import type { RunDetails } from './run-detail.ts';
import type { StepBody } from './schemas/runs.ts';
import type { AttemptParts, StepLogReader } from './step-log-reader.ts';

/** A lifecycle has six child runs; a retraining adds a level. */
const MOST_CHILDREN = 30;
const DEEPEST = 4;
/** Clocks of S3 and of a worker may differ by this much. */
const CLOCK_SKEW_MS = 60_000;

interface NamedLog {
  /** Name of the step, with dots for steps of child runs, as `citibike logs` has it. */
  readonly label: string;
  readonly attempt: AttemptParts;
}

export class MergedLog {
  readonly #details: Pick<RunDetails, 'steps'>;
  readonly #logs: Pick<StepLogReader, 'objectsOf' | 'fromEnd'>;

  constructor(details: Pick<RunDetails, 'steps'>, logs: Pick<StepLogReader, 'objectsOf' | 'fromEnd'>) {
    this.#details = details;
    this.#logs = logs;
  }

  /**
   * Returns the lines of all steps in order of time, each after the name of its step. Returns an empty text if no step has a log.
   * @param most maximum number of bytes. Of a longer log, it has the last entries.
   */
  async text(workflowId: string, runId: string | undefined, most: number): Promise<string> {
    const found = await this.#find(workflowId, runId, []);
    const unread = found.toSorted((a, b) => (a.attempt.updatedAt < b.attempt.updatedAt ? -1 : 1));
    const open: LogFromEnd[] = [];
    const texts: string[] = [];
    for (let left = most; ;) {
      // Most attempts of a long log ended before its last lines, and need not be read.
      while (unread.length > 0 && mayBeLater(unread.at(-1)!.attempt, latestOf(open)?.time)) {
        const { label, attempt } = unread.pop()!;
        const log = new LogFromEnd(label, this.#logs.fromEnd(attempt));
        if (await log.fill()) open.push(log);
      }
      const latest = latestOf(open);
      if (!latest) break;
      const text = latest.take();
      left -= Buffer.byteLength(text);
      if (left < 0 && texts.length > 0) break;
      texts.push(text);
      if (!(await latest.fill())) open.splice(open.indexOf(latest), 1);
    }
    return texts.toReversed().join('');
  }

  async #find(
    workflowId: string,
    askedId: string | undefined,
    path: readonly string[],
  ): Promise<readonly NamedLog[]> {
    const found = await this.#details.steps(workflowId, askedId);
    if (!found) return [];
    const { runId, steps } = found;
    const labels = labelsOf(steps);
    const own = (await this.#logs.objectsOf({ workflowId, runId })).map((attempt) => ({
      // A local activity is no step of the history.
      label: [...path, labels.get(attempt.step) ?? `#${attempt.step}`].join('.'),
      attempt,
    }));
    if (path.length >= DEEPEST) return own;
    // Without a run id, the child did not start: another run has its id, such as the promotion of another training.
    const children = steps.filter(({ childRunId }) => childRunId !== undefined);
    const below = await Promise.all(
      children
        .slice(0, MOST_CHILDREN)
        .map(({ childWorkflowId = '', childRunId, name }) =>
          this.#find(childWorkflowId, childRunId, [...path, name]),
        ),
    );
    return [...own, ...below.flat()];
  }
}

/** Names each step by its id, where several have one name. */
function labelsOf(steps: readonly StepBody[]): ReadonlyMap<string, string> {
  const byName = Map.groupBy(steps, ({ name }) => name);
  return new Map(
    steps.map(({ id, name }) => [id, (byName.get(name)?.length ?? 0) > 1 ? `${name}#${id}` : name]),
  );
}

/** Returns the log with the latest entry. */
function latestOf(logs: readonly LogFromEnd[]): LogFromEnd | undefined {
  return logs.reduce<LogFromEnd | undefined>((a, b) => (a && a.time >= b.time ? a : b), undefined);
}

/** Checks whether an attempt may have an entry after the time. Nothing is written after `updatedAt`. */
function mayBeLater({ updatedAt }: AttemptParts, time: string | undefined): boolean {
  if (time === undefined || time === '') return true;
  return Date.parse(updatedAt) + CLOCK_SKEW_MS >= Date.parse(time);
}
