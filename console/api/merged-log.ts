/** Merges the logs of a run and of its child runs by time. */
import { timeOfLine } from '../../contracts/step-log.ts';
import type { RunDetails } from './run-detail.ts';
import type { StepBody } from './schemas/runs.ts';
import type { AttemptParts, StepLogReader } from './step-log-reader.ts';

/** A lifecycle has six child runs; a retraining adds a level. */
const MOST_CHILDREN = 30;
const DEEPEST = 4;

interface NamedLog {
  /** Name of the step, with dots for steps of child runs, as `citibike logs` has it. */
  readonly label: string;
  readonly attempt: AttemptParts;
}

interface Entry {
  /** ISO 8601, UTC; empty for lines before the first time. */
  readonly time: string;
  readonly lines: readonly string[];
}

export class MergedLog {
  readonly #details: Pick<RunDetails, 'steps'>;
  readonly #logs: Pick<StepLogReader, 'objectsOf' | 'endOf'>;

  constructor(details: Pick<RunDetails, 'steps'>, logs: Pick<StepLogReader, 'objectsOf' | 'endOf'>) {
    this.#details = details;
    this.#logs = logs;
  }

  /**
   * Returns the lines of all steps in order of time, each after the name of its step. Returns an empty text if no step has a log.
   * @param most maximum number of bytes that are read; beyond it, the attempts that were written last count.
   */
  async text(workflowId: string, runId: string | undefined, most: number): Promise<string> {
    const found = await this.#find(workflowId, runId, []);
    const newest = found.toSorted((a, b) => (a.attempt.updatedAt < b.attempt.updatedAt ? 1 : -1));
    const entries: Entry[] = [];
    let left = most;
    for (const { label, attempt } of newest) {
      if (left <= 0) break;
      entries.push(...entriesOf(label, await this.#logs.endOf(attempt, left)));
      left -= attempt.bytes;
    }
    const inOrder = entries.toSorted((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
    return inOrder.map(({ lines }) => lines.join('')).join('');
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
    const children = steps.filter(({ childWorkflowId }) => childWorkflowId !== undefined);
    if (path.length >= DEEPEST) return own;
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

/** Splits a text into entries: a line that begins with its time, with the lines that continue it. */
function entriesOf(label: string, text: string): Entry[] {
  const entries: { time: string; lines: string[] }[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const time = timeOfLine(line);
    const last = entries.at(-1);
    const labelled = `${label} | ${line}\n`;
    if (time === undefined && last) last.lines.push(labelled);
    else entries.push({ time: time ?? '', lines: [labelled] });
  }
  return entries;
}
