/** Workflow `retention`: removes objects from S3 that nothing refers to. */
import { Type, type Static } from 'typebox';
import type { ArtifactRef } from '../artifact.ts';
import { Flag } from '../options.ts';
import { amount, artifactLink, counted, outcome, type Outcome, type StoredResult } from '../outcome.ts';
import type { WorkflowContract } from '../workflow-contract.ts';

/** A run may be about to refer to anything younger than this, so no limit is shorter. */
const SHORTEST_LIMIT_DAYS = 7;

const LONGEST_LIMIT_DAYS = 3_650;

const Days = (fallback: number, title: string) =>
  Type.Integer({
    title,
    minimum: SHORTEST_LIMIT_DAYS,
    maximum: LONGEST_LIMIT_DAYS,
    default: fallback,
    description: `a number of days from ${SHORTEST_LIMIT_DAYS} to ${LONGEST_LIMIT_DAYS}`,
  });

export const RetentionInput = Type.Object(
  {
    dryRun: Flag(true, 'list what would be removed, and remove nothing'),
    artifactDays: Days(
      90,
      'days that artifacts, checkpoints and cached results stay after nothing refers to them',
    ),
    reportDays: Days(365, 'days that reports and pages stay'),
    stepLogDays: Days(30, 'days that the logs of steps stay'),
  },
  { additionalProperties: false },
);
export type RetentionInput = Static<typeof RetentionInput>;

export const contract: WorkflowContract = {
  name: 'retention',
  title: 'Remove old objects',
  description:
    'List, or remove from S3, artifacts, reports, checkpoints and logs that are old and that nothing refers to.',
  input: RetentionInput,
  versioning: 'pinned',
  outcome: outcomeOf,
  start: { order: 100, example: { dryRun: true } },
};

export const RETAINED_KINDS = ['cache-entry', 'artifact', 'report', 'checkpoint', 'step-log'] as const;
export type RetainedKind = (typeof RETAINED_KINDS)[number];

export interface RetainedCount {
  readonly objects: number;
  readonly bytes: number;
}
export type RetainedCounts = Readonly<Record<RetainedKind, RetainedCount>>;

export interface RetentionResult {
  readonly dryRun: boolean;
  /** Lists each object with its kind, size, age and reason, one JSON object per line. */
  readonly plan: ArtifactRef;
  /** Objects in the plan. */
  readonly planned: RetainedCounts;
  /** Null after a dry run. */
  readonly removed: RetainedCounts | null;
  /** Planned objects that stayed because something referred to them, or rewrote them, after the plan. */
  readonly spared: number;
}

function outcomeOf({ dryRun, plan, planned, removed, spared }: StoredResult<RetentionResult>): Outcome {
  const counts = removed ?? planned;
  const all = Object.values(counts ?? {});
  const objects = all.reduce((sum, each) => sum + each.objects, 0);
  const megabytes = all.reduce((sum, each) => sum + each.bytes, 0) / 1e6;
  const verb = dryRun ? 'Would remove' : 'Removed';
  return outcome(
    `${verb} ${counted(objects, 'object')} of ${amount(megabytes, 'MB')}.${dryRun ? ' Nothing was changed.' : ''}`,
    [
      ...RETAINED_KINDS.map(
        (kind) =>
          [`${kind}s`.replace('entrys', 'entries'), counts?.[kind] && amount(counts[kind].objects)] as const,
      ),
      ['spared', spared ? amount(spared) : undefined],
    ],
    [artifactLink('plan', plan)],
  );
}
