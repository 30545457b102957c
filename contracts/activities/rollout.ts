/** Activities of the stage `rollout`. */
import type { CanaryJudgement, CanaryLimits, CanaryMode } from '../traffic.ts';

export interface RolloutActivities {
  /**
   * Every live process of the prediction service loads the version beside the one it serves and answers its golden request; where
   * none is alive, this worker does. ROLLOUT_FAILED says which process refused and why.
   * @returns also the version that is desired now.
   */
  proveVersion(input: {
    model: string;
    version: string;
  }): Promise<{ provenBy: string[]; desired: string | null }>;
  /** Sets the desired version in Postgres. The generation grows only when the version changes. Ends a canary or shadow. */
  setDesiredVersion(input: {
    model: string;
    version: string;
    reason: string;
  }): Promise<{ generation: number }>;
  /** The desired version as it was, unless it is another one than `failed` by now. */
  restoreDesired(input: {
    model: string;
    failed: string;
    restore: string | null;
    reason: string;
  }): Promise<void>;
  /** Waits until every live process serves the generation. ROLLOUT_FAILED when none is alive or one cannot. */
  awaitServed(input: {
    model: string;
    generation: number;
    version: string;
  }): Promise<{ processes: string[] }>;
  /** Begins a canary or shadow beside the desired version. Fails with ROLLOUT_FAILED while another one of the model runs. */
  beginTrial(input: {
    model: string;
    version: string;
    mode: CanaryMode;
    percent: number;
  }): Promise<{ trialId: number; served: string }>;
  /** Renews the lease, sums what the processes counted, and judges. Fails with ROLLOUT_FAILED after another rollout began. */
  judgeTrial(input: {
    model: string;
    trialId: number;
    version: string;
    limits: CanaryLimits;
    /** The time is up: decide. */
    last: boolean;
  }): Promise<CanaryJudgement>;
  /** The desired version answers all requests again. */
  endTrial(input: { model: string; trialId: number }): Promise<void>;
}
