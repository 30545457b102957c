/** Defines the activities of the stage `rollout`. */
import type { CanaryJudgement, CanaryLimits, CanaryMode } from '../traffic.ts';

export interface RolloutActivities {
  /**
   * Loads the version in every live process of the prediction service and checks its answer to the golden request. If no process
   * is alive, the worker proves the version. ROLLOUT_FAILED names the process and the reason. Returns the desired version too.
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
  /** Restores the earlier desired version, unless the desired version is no longer `failed`. */
  restoreDesired(input: {
    model: string;
    failed: string;
    restore: string | null;
    reason: string;
  }): Promise<void>;
  /** Checks whether a live process of the prediction service serves the model, or is about to. */
  isServed(input: { model: string }): Promise<{ served: boolean }>;
  /** Waits until every live process serves the generation. ROLLOUT_FAILED if no process is alive or one cannot serve it. */
  awaitServed(input: {
    model: string;
    generation: number;
    version: string;
  }): Promise<{ processes: string[] }>;
  /** Begins a canary or shadow of the version. ROLLOUT_FAILED if another one of the same model runs. */
  beginTrial(input: {
    model: string;
    version: string;
    mode: CanaryMode;
    percent: number;
  }): Promise<{ trialId: number; served: string }>;
  /** Renews the lease, sums the counts of all processes, and judges. ROLLOUT_FAILED if another rollout began meanwhile. */
  judgeTrial(input: {
    model: string;
    trialId: number;
    version: string;
    limits: CanaryLimits;
    /** True when the time is up and the activity must decide. */
    last: boolean;
  }): Promise<CanaryJudgement>;
  /** Ends the canary or shadow. The desired version answers all requests again. */
  endTrial(input: { model: string; trialId: number }): Promise<void>;
}
