import { workflowInfo } from '@temporalio/workflow';
import { STARTED_BY_MEMO } from '../contracts/started-by.ts';

/** Returns the person who started the run, or the run above it. Unknown for schedules and the plain `temporal` command. */
export function startedBy(): string | undefined {
  const user = workflowInfo().memo?.[STARTED_BY_MEMO];
  return typeof user === 'string' ? user : undefined;
}
