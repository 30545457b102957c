/** Finds the failed runs that a person must look at, and groups those of one kind. */
import type { RunBody } from './schemas/runs.ts';
import type { RunEnd } from './run-ends.ts';

/** Limits the age in ms of a failure that needs a person. */
export const RECENT_MS = 7 * 24 * 60 * 60_000;
/** Lists the codes of errors that only another input avoids. */
const REJECTIONS = ['INVALID_INPUT', 'SOURCE_NOT_ALLOWED'];

export interface FailedRun {
  readonly run: RunBody;
  /** Null if it was not read, or if its server does not answer. */
  readonly end: RunEnd | null;
}

export interface FailureGroup {
  readonly newest: RunBody;
  readonly count: number;
  readonly isRejected: boolean;
  readonly code: string | null;
  readonly message: string | null;
}

/**
 * Returns the failed runs of the last week that no later run repaired, newest first. A later success of the same workflow and system
 * repairs a failure; for a run that failed before it knew its system, one of any system. A parent reports the failures of its children.
 * @param runs newest first.
 */
export function unrepaired(runs: readonly RunBody[], now: number): RunBody[] {
  const repaired = new Set<string>();
  return runs.filter(({ state, type, system, parentId, startedAt }) => {
    if (state === 'completed') {
      repaired.add(`${type} ${system ?? ''}`);
      repaired.add(type);
    }
    const failed = state === 'failed' || state === 'timed-out';
    if (!failed || parentId !== null || now - Date.parse(startedAt) > RECENT_MS) return false;
    return !repaired.has(system === undefined ? type : `${type} ${system}`);
  });
}

/** Checks whether a run failed because of its input alone. */
export function isRejection({ rejected }: RunBody, end: RunEnd | null): boolean {
  return rejected === true || REJECTIONS.includes(end?.code ?? '');
}

/**
 * Groups failures by workflow, system, step and code, newest group first. A failure whose reason was not read belongs to the newest
 * group of its workflow, system and step.
 */
export function groupFailures(failed: readonly FailedRun[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { run, end } of failed) {
    const place = [run.type, run.system ?? '', run.stage ?? ''].join('\n');
    const unread = end === null ? [...groups.keys()].find((key) => key.startsWith(`${place}\n`)) : undefined;
    const key = unread ?? `${place}\n${end?.code ?? end?.message ?? ''}`;
    const known = groups.get(key);
    groups.set(
      key,
      known
        ? { ...known, count: known.count + 1 }
        : {
            newest: run,
            count: 1,
            isRejected: isRejection(run, end),
            code: end?.code ?? null,
            message: end?.message ?? null,
          },
    );
  }
  return [...groups.values()];
}
