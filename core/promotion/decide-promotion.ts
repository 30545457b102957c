/** Decides whether a candidate replaces the champion, from numbers that were measured elsewhere. */
import type { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { SystemId } from '../../contracts/systems.ts';
import type { NonInferiority } from '../../contracts/activities/register.ts';
import { LEAST_DAYS } from './non-inferiority.ts';

export interface Contender {
  readonly version: string;
  readonly system: SystemId;
  /** True if the version was trained on data of the synthetic system. */
  readonly synthetic: boolean;
  /** Trips per hour, on the hours that both versions were scored on. Null if there was none. */
  readonly rmse: number | null;
}

export interface PromotionCase {
  readonly model: string;
  /** Null before the first promotion of the model. */
  readonly champion: Contender | null;
  readonly candidate: Contender;
  /** Number of hours that both versions were scored on. Neither version was trained on any of them. */
  readonly hours: number;
  /** Fraction of the champion's RMSE by which the candidate must be better. */
  readonly threshold: number;
  /** If it is set, the candidate need not be better, but must not be worse by more than the margin. */
  readonly nonInferiority?: NonInferiority | undefined;
}

export interface PromotionDecision {
  readonly promote: boolean;
  /** One sentence for people, with the figures that decided. */
  readonly reason: string;
}

/** Sets the tolerance for rounding errors, so that exactly the threshold counts as reached: (1000 − 900) / 1000 ≥ 0.1. */
const ROUNDING = 1e-9;

/** Applies the rules in order. The first that applies decides. */
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
      `the champion of ${model} predicts system ${champion.system}, version ${candidate.version} predicts ${candidate.system}: train it under another model name ({"model": "..."})`,
    );
  }
  if (hours === 0 || candidate.rmse === null) {
    return no(
      `${champion ? 'the champion or the candidate' : 'the candidate'} was trained on every hour of the test span: choose test months after the training months${champion ? ' of both' : ''}`,
    );
  }
  if (!champion) {
    return yes(
      `first version of ${model}: RMSE ${trips(candidate.rmse)} trips per hour over ${hours} hours that it was not trained on`,
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
  const figures = `RMSE ${trips(candidate.rmse)} against the champion's ${trips(champion.rmse)} trips per hour over the same ${hours} hours`;
  if (nonInferiority) return judgeNonInferiority(nonInferiority, figures);
  // No candidate can be better than a champion without error by a share of that error.
  const improvement = champion.rmse > 0 ? (champion.rmse - candidate.rmse) / champion.rmse : 0;
  const reason =
    `${figures}: ${percent(Math.abs(improvement))} ${improvement >= 0 ? 'better' : 'worse'}, ` +
    `required: ${percent(threshold)} better`;
  return improvement >= threshold - ROUNDING ? yes(reason) : no(reason);
}

function judgeNonInferiority(
  { days, upperBound, margin, resamples }: NonInferiority,
  figures: string,
): PromotionDecision {
  if (days < LEAST_DAYS) {
    return {
      promote: false,
      reason: `${figures}, on ${days} days: the test for non-inferiority needs at least ${LEAST_DAYS} days`,
    };
  }
  const bound =
    upperBound <= 0
      ? `with 95 % confidence at least ${percent(-upperBound)} better`
      : `with 95 % confidence at most ${percent(upperBound)} worse`;
  return {
    promote: upperBound <= margin + ROUNDING,
    reason: `${figures}: ${bound} (paired bootstrap over ${days} days, ${resamples} resamples), allowed: ${percent(margin)} worse`,
  };
}

/** Represents the facts that must match, except for the months, for a training to be a refit of another. */
export interface TrainingFacts {
  readonly version: string;
  readonly system: SystemId;
  readonly featureSet: string;
  readonly seeds: readonly number[];
  readonly synthetic: boolean;
  /** Null if the version has no training report. */
  readonly hyperParameters: HyperParameters | null;
  /** Last month or day, as `YYYY-MM` or `YYYY-MM-DD`. */
  readonly trainedTo: string;
}

/** Decides without a comparison, because a refit repeats the training of a version that was compared, with newer months. */
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
      `differs from version ${refitOf} in ${different}: ${refit[different]} instead of ${champion[different]}`,
    );
  }
  if (refit.seeds.join() !== champion.seeds.join())
    return no(`was not trained with the seeds of version ${refitOf}`);
  const varied = variedHyperParameter(refit.hyperParameters, champion.hyperParameters);
  if (varied) return no(`differs from version ${refitOf} in ${varied}`);
  if (refit.trainedTo <= champion.trainedTo) {
    return no(
      `was trained on data to ${refit.trainedTo}, which is not newer than that of version ${refitOf}, to ${champion.trainedTo}`,
    );
  }
  return {
    promote: true,
    reason: `version ${refit.version} repeats the training of the promoted version ${refitOf} on data to ${refit.trainedTo} instead of ${champion.trainedTo}`,
  };
}

function variedHyperParameter(
  refit: HyperParameters | null,
  repeated: HyperParameters | null,
): string | undefined {
  if (!refit || !repeated)
    return refit === repeated
      ? undefined
      : 'its training report: only one of the two versions has hyper-parameters';
  const name = (Object.keys({ ...repeated, ...refit }) as (keyof HyperParameters)[]).find(
    (each) => refit[each] !== repeated[each],
  );
  return name && `${name}: ${refit[name]} instead of ${repeated[name]}`;
}

function trips(value: number): string {
  return value.toFixed(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
