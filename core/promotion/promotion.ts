/** Whether a candidate replaces the champion: the decision alone, from numbers that were measured elsewhere. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { System } from '../../contracts/options.ts';
import type { NonInferiority } from '../../contracts/activities/register.ts';
import { LEAST_DAYS } from './non-inferiority.ts';

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
  /** Where it is there, the candidate need not be better: it must not be worse by more than the margin. */
  readonly nonInferiority?: NonInferiority | undefined;
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
  nonInferiority,
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
  const figures = `RMSE ${trips(candidate.rmse)} against the champion's ${trips(champion.rmse)} trips an hour over the same ${hours} hours`;
  if (nonInferiority) return judgeNonInferiority(nonInferiority, figures);
  // A champion without error cannot be beaten by any share of it.
  const improvement = champion.rmse > 0 ? (champion.rmse - candidate.rmse) / champion.rmse : 0;
  const verdict =
    `${figures}: ${percent(Math.abs(improvement))} ${improvement >= 0 ? 'better' : 'worse'}, ` +
    `asked for ${percent(threshold)}`;
  return improvement >= threshold - ROUNDING ? yes(verdict) : no(verdict);
}

function judgeNonInferiority(
  { days, upperBound, margin, resamples }: NonInferiority,
  figures: string,
): PromotionDecision {
  if (days < LEAST_DAYS) {
    return {
      promote: false,
      reason: `${figures}, on ${days} days: fewer than the ${LEAST_DAYS} that show whether a candidate is worse`,
    };
  }
  const bound =
    upperBound <= 0
      ? `with 95 % confidence at least ${percent(-upperBound)} better`
      : `with 95 % confidence at most ${percent(upperBound)} worse`;
  return {
    promote: upperBound <= margin + ROUNDING,
    reason: `${figures}: ${bound} (paired bootstrap over ${days} days, ${resamples} resamples), allowed are ${percent(margin)}`,
  };
}

/** What makes a training the same one but for its months. */
export interface TrainingFacts {
  readonly version: string;
  readonly system: System;
  readonly featureSet: string;
  readonly seeds: readonly number[];
  readonly synthetic: boolean;
  /** Null for a version whose training left no report. */
  readonly hyperParameters: HyperParameters | null;
  /** `YYYY-MM` or `YYYY-MM-DD`. */
  readonly trainedTo: string;
}

/** Decides without a comparison: a refit repeats the training of a version that was compared, with newer months. */
export function decideRefit(
  refit: TrainingFacts,
  refitOf: string | undefined,
  champion: TrainingFacts | null,
): PromotionDecision {
  const no = (why: string): PromotionDecision => ({
    promote: false,
    reason: `version ${refit.version} ${why}`,
  });
  if (refitOf === undefined) return no('is not tagged as the refit of a version');
  if (champion?.version === refit.version) {
    return { promote: true, reason: `version ${refit.version} is already the champion` };
  }
  if (champion?.version !== refitOf) {
    return no(
      `is the refit of version ${refitOf}, and the champion is ${champion ? `version ${champion.version}` : 'none'}`,
    );
  }
  const different = (['system', 'featureSet', 'synthetic'] as const).find(
    (name) => refit[name] !== champion[name],
  );
  if (different) {
    return no(
      `differs from version ${refitOf}, in ${different}: ${refit[different]} against ${champion[different]}`,
    );
  }
  if (refit.seeds.join() !== champion.seeds.join())
    return no(`was not trained with the seeds of version ${refitOf}`);
  const varied = variedHyperParameter(refit.hyperParameters, champion.hyperParameters);
  if (varied) return no(`differs from version ${refitOf}, in ${varied}`);
  if (refit.trainedTo <= champion.trainedTo) {
    return no(
      `was trained on nothing newer than version ${refitOf}: to ${refit.trainedTo}, that version to ${champion.trainedTo}`,
    );
  }
  return {
    promote: true,
    reason: `refit of version ${refitOf}, which was promoted: the same training, on data to ${refit.trainedTo} instead of ${champion.trainedTo}`,
  };
}

function variedHyperParameter(
  refit: HyperParameters | null,
  repeated: HyperParameters | null,
): string | undefined {
  if (!refit || !repeated)
    return refit === repeated ? undefined : 'having a training report that names hyper-parameters';
  const name = (Object.keys({ ...repeated, ...refit }) as (keyof HyperParameters)[]).find(
    (each) => refit[each] !== repeated[each],
  );
  return name && `${name}: ${refit[name]} against ${repeated[name]}`;
}

function trips(value: number): string {
  return value.toFixed(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
