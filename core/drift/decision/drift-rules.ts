/** Defines the rules of a drift check in inputs/drift.yaml. */
import { Type, type Static } from 'typebox';
import {
  assertFits,
  inputProblem,
  type InputProblem,
  type LineOf,
} from '../../../contracts/input-problems.ts';

const number = (description: string, minimum = 0) => Type.Number({ exclusiveMinimum: minimum, description });
const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
const count = (description: string) => Type.Integer({ minimum: 1, description });
const group = <const Fields extends Record<string, ReturnType<typeof number>>>(fields: Fields) =>
  Type.Object(fields, {
    additionalProperties: false,
    description: `an object with ${Object.keys(fields).join(', ')}`,
  });

export const ResidualRules = Type.Object(
  {
    /** Minimum number of hours with trips for a week to be judged. */
    fewestHours: count('a number of hours from 1'),
    /** Minimum number of weeks of reference for an estimate of their spread. */
    fewestReferenceWeeks: count('a number of weeks from 1'),
    /** Minimum number of days without holiday, snow or heavy rain for a week to be judged by the spread of usual weeks. */
    fewestUsualDays: count('a number of days from 1'),
    /**
     * The level of a week alarms beyond `sigmas` standard deviations of reference's weeks and a share `least` of demand. Weeks of
     * unusual days are compared with single unusual days, whose distribution has a long tail.
     */
    level: group({
      sigmas: number('a number above 0'),
      unusualSigmas: number('a number above 0'),
      least: number('a share above 0'),
    }),
    /** The same limits for the difference of a group of hours from its week, in usual weeks. */
    hours: group({ sigmas: number('a number above 0'), least: number('a share above 0') }),
    /** Page's sum adds the level in standard deviations, less `slack` and clipped at `clip`. It alarms above `limit`. */
    cusum: group({
      slack: number('a number above 0'),
      limit: number('a number above 0'),
      clip: number('a number above 0'),
    }),
    /** A run of equal values alarms from `fewest` days, if it exceeds reference's longest run by `beyond`. Hours of equal trips too. */
    stuck: Type.Object(
      { fewest: count('a number from 1'), beyond: count('a number from 1') },
      { additionalProperties: false, description: 'an object with fewest, beyond' },
    ),
    /** Weather alarms beyond `sigmas` standard deviations from its season, if another unit is within `fits`. */
    unit: group({ sigmas: number('a number above 0'), fits: number('a number above 0') }),
  },
  { additionalProperties: false, description: 'the rules of the comparison of residuals' },
);
export type ResidualRules = Static<typeof ResidualRules>;

export const DriftRules = Type.Object(
  {
    likeWithLike: ResidualRules,
    /** RMSE of current divided by RMSE of reference, both on hours that the model was not trained on. */
    rmseRatio: group({
      watch: number('a ratio above 0'),
      retrain: number('a ratio above 0'),
      alert: number('a ratio above 0'),
    }),
    /** |mean error| divided by mean trips of current. A retraining corrects the level. */
    bias: group({ watch: number('a share above 0'), retrain: number('a share above 0') }),
    /** Minimum shares of hours within the 90 % interval. */
    coverage: group({ watch: share('a share from 0 to 1'), retrain: share('a share from 0 to 1') }),
    /** Share of missing values in current. It alerts, because retraining does not help with missing data. */
    shareMissing: group({ watch: number('a share above 0'), alert: number('a share above 0') }),
    /** Number of weeks of current with an alarm of level or hours. */
    alarmedWeeks: Type.Object(
      { watch: count('a number of weeks from 1'), retrain: count('a number of weeks from 1') },
      { additionalProperties: false, description: 'an object with watch, retrain' },
    ),
    /** Minimum number of hours for errors to be judged. */
    fewestHours: count('a number of hours from 1'),
    /** Number of watched months in a row, including this one, that lead to a retraining. */
    watchesToRetrain: Type.Integer({ minimum: 2, description: 'a number of months from 2' }),
    /** Maximum number of retrainings per checked month, at any time, so that backfills can retrain. Further ones are only recorded. */
    mostRetrainsAMonth: Type.Integer({ minimum: 0, description: 'a number from 0' }),
  },
  { additionalProperties: false },
);
export type DriftRules = Static<typeof DriftRules>;

/**
 * Validates the rules.
 * @param file name of the file for messages.
 * @param lineOf finds the line of a field in it.
 * @throws CitibikeError INVALID_INPUT naming every invalid field, and levels of urgency in the wrong order.
 */
export function parseDriftRules(file: string, content: unknown, lineOf?: LineOf): DriftRules {
  assertFits(`drift rules in ${file} are`, DriftRules, content, contradictions, { file }, lineOf);
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
      : [{ ...inputProblem(name, values, 'values in ascending order'), shown: values.join(', ') }],
  );
}
