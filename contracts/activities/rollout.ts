/** Activities of the stage `rollout`. */
import type { TrialLimits, TrialMode, TrialVerdict } from '../traffic.ts';

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
  /** The desired version in Postgres; the generation grows only when it changes. Ends a trial. */
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
  /** Begins a trial of a version beside the desired one. ROLLOUT_FAILED when another trial of the model is under way. */
  beginTrial(input: {
    model: string;
    version: string;
    mode: TrialMode;
    percent: number;
  }): Promise<{ trialId: number; served: string }>;
  /** Renews the trial's lease, sums what the processes counted, and judges. ROLLOUT_FAILED when the trial was overtaken. */
  judgeTrial(input: {
    model: string;
    trialId: number;
    version: string;
    limits: TrialLimits;
    /** The time is up: decide. */
    last: boolean;
  }): Promise<TrialVerdict>;
  /** The desired version answers all requests again. */
  endTrial(input: { model: string; trialId: number }): Promise<void>;
}
