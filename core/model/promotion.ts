/** Whether a candidate replaces the champion: the decision alone, from numbers that were measured elsewhere. */
import type { System } from '../../contracts/inputs.ts';

export interface Contender {
  readonly version: string;
  readonly system: System;
  /** Fitted on data of the synthetic system. */
  readonly synthetic: boolean;
  /** Trips per hour, on the hours both were scored on; null when there was none. */
  readonly rmse: number | null;
}

export interface PromotionCase {
  readonly model: string;
  /** Null before the first promotion of the model. */
  readonly champion: Contender | null;
  readonly candidate: Contender;
  /** Hours both were scored on; neither was fitted on any of them. */
  readonly hours: number;
  /** By which fraction of the champion's RMSE the candidate must be better. */
  readonly threshold: number;
}

export interface PromotionDecision {
  readonly promote: boolean;
  /** One sentence for people, with the figures it rests on. */
  readonly reason: string;
}

/** Shares are compared with this slack, so that exactly the threshold counts as reached: (1000 − 900) / 1000 ≥ 0.1. */
const ROUNDING = 1e-9;

/** The rules in order; the first that applies decides. */
export function decidePromotion({
  model,
  champion,
  candidate,
  hours,
  threshold,
}: PromotionCase): PromotionDecision {
  const yes = (reason: string): PromotionDecision => ({ promote: true, reason });
  const no = (reason: string): PromotionDecision => ({ promote: false, reason });

  if (champion && champion.version === candidate.version) {
    return yes(`version ${candidate.version} is already the champion of ${model}`);
  }
  if (champion && candidate.synthetic && !champion.synthetic) {
    return no(
      `version ${candidate.version} was trained on synthetic data and never replaces version ${champion.version}, which was trained on real data`,
    );
  }
  const replacesSynthetic = champion !== null && champion.synthetic && !candidate.synthetic;
  if (champion && !replacesSynthetic && champion.system !== candidate.system) {
    return no(
      `the champion of ${model} predicts system ${champion.system}, version ${candidate.version} predicts ${candidate.system}: train it under a model name of its own ({"model": "..."})`,
    );
  }
  if (hours === 0 || candidate.rmse === null) {
    return no(
      `no hour of the test span is left that neither ${champion ? 'champion nor candidate' : 'model'} was fitted on: ask for test months after the training months of both`,
    );
  }
  if (!champion) {
    return yes(
      `first version of ${model}: RMSE ${trips(candidate.rmse)} trips an hour over ${hours} hours it was not fitted on`,
    );
  }
  if (replacesSynthetic) {
    return yes(
      `version ${candidate.version} was trained on real data and replaces version ${champion.version}, which was trained on synthetic data, whatever their errors`,
    );
  }
  if (champion.rmse === null) {
    return no(`version ${champion.version}, the champion, could not be scored on these hours`);
  }
  // A champion without error cannot be beaten by any share of it.
  const improvement = champion.rmse > 0 ? (champion.rmse - candidate.rmse) / champion.rmse : 0;
  const figures =
    `RMSE ${trips(candidate.rmse)} against the champion's ${trips(champion.rmse)} trips an hour over the same ` +
    `${hours} hours: ${percent(Math.abs(improvement))} ${improvement >= 0 ? 'better' : 'worse'}, asked for ${percent(threshold)}`;
  return improvement >= threshold - ROUNDING ? yes(figures) : no(figures);
}

function trips(value: number): string {
  return value.toFixed(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
