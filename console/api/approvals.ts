/** Reads what runs wait for in their step `approval`. */
import type { Progress } from '../../contracts/progress.ts';
import type { ApprovalBody, RunBody } from './schemas/runs.ts';
import type { AttentionBody } from './schemas/overview.ts';
import type { Sources } from './sources.ts';

/**
 * Reads the version out of what the step `approval` says, such as `version 3 of nyc waits for approval: its RMSE is lower`.
 * @param startedAt start of the step in epoch milliseconds.
 */
export function approvalOf(what: string, startedAt?: number): ApprovalBody {
  const [, version = null, model = null] = /^version (\d+) of (.+?) waits for approval: /.exec(what) ?? [];
  return { what, version, model, since: startedAt === undefined ? null : new Date(startedAt).toISOString() };
}

/** Returns null for a run that waits for nobody. A step without a detail is still comparing. */
export function approvalIn(progress: Progress | null): ApprovalBody | null {
  const waiting = progress?.steps.find(({ name, state }) => name === 'approval' && state === 'running');
  return waiting?.detail ? approvalOf(waiting.detail, waiting.startedAt) : null;
}

/** Lists approvals, each dated by when it began to wait. Without a live worker only Temporal's stage is known, and no date. */
export async function approvals(
  { upstreams, temporal }: Pick<Sources, 'upstreams' | 'temporal'>,
  runs: readonly RunBody[],
): Promise<AttentionBody[]> {
  const isAsked = !upstreams.isDown('temporal');
  const staged = runs.filter(({ state, stage }) => state === 'running' && stage === 'approval');
  const found = await Promise.all(
    staged.map(async (run): Promise<AttentionBody[]> => {
      const progress = isAsked ? await temporal.progress(run.workflowId, run.runId) : null;
      const approval = approvalIn(progress);
      if (progress && !approval) return [];
      return [
        {
          kind: 'approval',
          title: `${run.workflowId} waits for approval`,
          ...(approval ? { reason: approval.what } : {}),
          href: `/runs/${encodeURIComponent(run.workflowId)}?run=${encodeURIComponent(run.runId)}`,
          ...(approval?.since ? { at: approval.since } : {}),
        },
      ];
    }),
  );
  return found.flat();
}
