/** What a drift check is judged by, as people edit it in inputs/drift.yaml. */
import { Type, type Static } from 'typebox';
import { assertFits, inputProblem, type InputProblem } from '../../../contracts/input-problems.ts';

const number = (description: string, minimum = 0) => Type.Number({ exclusiveMinimum: minimum, description });
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const count = (description: string) => Type.Integer({ minimum: 1, description });
const group = <const Fields extends Record<string, ReturnType<typeof number>>>(fields: Fields) =>
  Type.Object(fields, {
    additionalProperties: false,
    description: `an object with ${Object.keys(fields).join(', ')}`,
  });

export const LikeWithLikeRules = Type.Object(
  {
    /** Hours with trips under which a week is not judged. */
    fewestHours: count('a number of hours from 1'),
    /** Weeks of reference under which nothing is known about their spread. */
    fewestReferenceWeeks: count('a number of weeks from 1'),
    /** Days of a week that must be neither holiday, nor snow, nor heavy rain, for the week to be judged by the narrow spread. */
    fewestUsualDays: count('a number of days from 1'),
    /**
     * A week's level alarms beyond so many standard deviations of reference's weeks, and beyond a share of demand. Weeks of unusual days
     * are held against single unusual days, which scatter with a long tail.
     */
    level: group({
      sigmas: number('a number above 0'),
      unusualSigmas: number('a number above 0'),
      least: number('a share above 0'),
    }),
    /** The same of usual weeks for what a group of hours departs from its week. */
    hours: group({ sigmas: number('a number above 0'), least: number('a share above 0') }),
    /** Page's sum of a week's standard deviations, each less `slack` and clipped at `clip`, alarms above `limit`. */
    cusum: group({
      slack: number('a number above 0'),
      limit: number('a number above 0'),
      clip: number('a number above 0'),
    }),
    /** Days of one value: more than reference's longest run by `beyond`, and at least `fewest`; hours of equal trips likewise. */
    stuck: Type.Object(
      { fewest: count('a number from 1'), beyond: count('a number from 1') },
      { additionalProperties: false, description: 'an object with fewest, beyond' },
    ),
    /** A week of weather so many standard deviations off its season, and by another unit no more than `fits`. */
    unit: group({ sigmas: number('a number above 0'), fits: number('a number above 0') }),
  },
  { additionalProperties: false, description: 'the rules of the like-with-like comparison' },
);
export type LikeWithLikeRules = Static<typeof LikeWithLikeRules>;

export const DriftRules = Type.Object(
  {
    likeWithLike: LikeWithLikeRules,
    /** RMSE of current over RMSE of reference, both on hours that the model was not fitted on. */
    rmseRatio: group({
      watch: number('a ratio above 0'),
      retrain: number('a ratio above 0'),
      alert: number('a ratio above 0'),
    }),
    /** |mean error| over mean trips of current: a level that was lost, which a retraining finds again. */
    bias: group({ watch: number('a share above 0'), retrain: number('a share above 0') }),
    /** Share of hours within the 90 % interval, below which. */
    coverage: group({ watch: share('a share from 0 to 1'), retrain: share('a share from 0 to 1') }),
    /** Share of values missing in current. Retraining on what is not there mends nothing, so it alerts. */
    shareMissing: group({ watch: number('a share above 0'), alert: number('a share above 0') }),
    /** Weeks of current with a like-with-like alarm of level or hours. */
    alarmedWeeks: Type.Object(
      { watch: count('a number of weeks from 1'), retrain: count('a number of weeks from 1') },
      { additionalProperties: false, description: 'an object with watch, retrain' },
    ),
    /** Hours below which errors are too few to be judged. */
    fewestHours: count('a number of hours from 1'),
    /** Months watched in a row, this one included, that become a retraining. */
    watchesToRetrain: Type.Integer({ minimum: 2, description: 'a number of months from 2' }),
    /** Retrainings granted for a month that is checked, whenever it is checked, so that backfills may; more is recorded and not started. */
    mostRetrainsAMonth: Type.Integer({ minimum: 0, description: 'a number from 0' }),
  },
  { additionalProperties: false },
);
export type DriftRules = Static<typeof DriftRules>;

/**
 * @param file for messages.
 * @throws CitibikeError INVALID_INPUT naming every field that is wrong, and levels of urgency that are out of order.
 */
export function parseDriftRules(file: string, content: unknown): DriftRules {
  assertFits(`drift rules in ${file} are`, DriftRules, content, contradictions, { file });
  return content;
}

function contradictions({
  rmseRatio,
  bias,
  coverage,
  shareMissing,
  alarmedWeeks,
}: DriftRules): InputProblem[] {
  const rising: readonly (readonly [string, readonly number[]])[] = [
    ['rmseRatio: watch, retrain, alert', [rmseRatio.watch, rmseRatio.retrain, rmseRatio.alert]],
    ['bias: watch, retrain', [bias.watch, bias.retrain]],
    ['coverage: retrain, watch', [coverage.retrain, coverage.watch]],
    ['shareMissing: watch, alert', [shareMissing.watch, shareMissing.alert]],
    ['alarmedWeeks: watch, retrain', [alarmedWeeks.watch, alarmedWeeks.retrain]],
  ];
  return rising.flatMap(([name, values]) =>
    values.every((value, i) => i === 0 || value >= values[i - 1]!)
      ? []
      : [{ ...inputProblem(name, values, 'them in rising order'), shown: values.join(', ') }],
  );
}
