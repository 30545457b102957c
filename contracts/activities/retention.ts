/** Defines the activities of the stage `retention`. */
import type { ArtifactRef } from '../artifact.ts';
import type { RetainedCounts, RetainedKind, RetentionInput } from '../workflows/retention.ts';

/** Maps kinds to ISO times. Objects that were written at this time or later stay. */
export type RetentionCutoffs = Readonly<Record<RetainedKind, string>>;

/** Represents one line of the plan. */
export interface PlannedObject {
  readonly kind: RetainedKind;
  readonly uri: string;
  /** Size of the object with its manifest. */
  readonly bytes: number;
  /** ISO time of the last write. */
  readonly modified: string;
  readonly reason: string;
}

interface RetentionPlan {
  readonly plan: ArtifactRef;
  readonly planned: RetainedCounts;
  readonly cutoffs: RetentionCutoffs;
}

interface Removal {
  readonly plan: ArtifactRef;
  readonly cutoffs: RetentionCutoffs;
  /** Kinds of the plan to remove. */
  readonly kinds: readonly RetainedKind[];
}

interface RemovedObjects {
  readonly removed: RetainedCounts;
  readonly spared: number;
}

/** Represents the heartbeat details of a removal. A retry resumes from them. */
export interface RemovalHeartbeat extends RemovedObjects {
  /** Number of finished lines of the plan. */
  readonly line: number;
}

export interface RetentionActivities {
  /** Marks all objects that something refers to, and lists the others that are older than their limit. Removes nothing. */
  planRetention(limits: Omit<RetentionInput, 'dryRun'>): Promise<RetentionPlan>;
  /** Removes planned objects, and spares those that something refers to by now. */
  removePlanned(removal: Removal): Promise<RemovedObjects>;
}
