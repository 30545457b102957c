/** Words for drift scores and columns, which the report and the console share. It loads no library, so that the browser can read it. */
import { weatherFacts, WEATHER_INPUTS } from './weather-columns.ts';

/** Tests whose score is a distance, with its name. The score of every other test is a p-value. */
const DISTANCES: Readonly<Record<string, string>> = {
  wasserstein: 'Wasserstein distance',
  jensenshannon: 'Jensen-Shannon distance',
  hellinger: 'Hellinger distance',
  kl_div: 'Kullback-Leibler divergence',
  psi: 'population stability index',
  ed: 'energy distance',
};

/** Cycles that the model reads as sine and cosine, by the beginning of both names. */
const CYCLES: Readonly<Record<string, string>> = {
  hr: 'hour',
  weekday: 'weekday',
  week: 'week',
  mnth: 'month',
};

/**
 * Half of the hours of a week. A span of months cuts its first and last week, and the few hours of such a part differ from any
 * reference.
 */
export const MOST_OF_A_WEEK = 84;

/** Returns the newest week of which most hours were checked, or else the newest one. @param weeks oldest first. */
export function weekToConclude<Week extends { readonly hours?: unknown }>(
  weeks: readonly Week[],
): Week | undefined {
  return weeks.findLast(({ hours }) => Number(hours) >= MOST_OF_A_WEEK) ?? weeks.at(-1);
}

export interface ColumnScore {
  readonly column: string;
  /** Name of the test; null if the column could not be compared. */
  readonly test: string | null;
  readonly score: number | null;
  readonly threshold: number | null;
  readonly drifted: boolean;
}

/** Tells whether a greater score of the test means more drift. A p-value is the opposite. */
export function isDistance(test: string): boolean {
  return test in DISTANCES;
}

/** Names what the score of a test is, such as `Wasserstein distance` or `p-value of ks`. */
export function scoreName(test: string | null): string {
  return test === null ? 'not compared' : (DISTANCES[test] ?? `p-value of ${test}`);
}

/** Says how a score compares with its threshold, such as `Wasserstein distance 0.35, drift from 0.1`. */
export function scoreText(
  { test, score, threshold }: ColumnScore,
  format: (value: number) => string,
): string {
  if (test === null) return scoreName(test);
  const value = score === null ? 'undefined' : format(score);
  const limit =
    threshold === null ? '' : `, drift ${isDistance(test) ? 'from' : 'below'} ${format(threshold)}`;
  return `${scoreName(test)} ${value}${limit}`;
}

/** Returns the name of a column for people: `hour` for `hr_sin` and `hr_cos`. */
export function readableColumn(column: string): string {
  const [, cycle = ''] = /^([a-z]+)_(?:sin|cos)$/.exec(column) ?? [];
  return CYCLES[cycle] ?? column;
}

/** Returns the pairs of sine and cosine among the columns, with the cycle that both stand for. */
export function cyclesAmong(columns: readonly string[]): { name: string; sine: string; cosine: string }[] {
  return Object.entries(CYCLES)
    .map(([start, name]) => ({ name, sine: `${start}_sin`, cosine: `${start}_cos` }))
    .filter(({ sine, cosine }) => columns.includes(sine) && columns.includes(cosine));
}

/** Returns the unit of a column's values; undefined for counts without one, categories and unknown columns. */
export function unitOf(column: string): string | undefined {
  if (column === 'trips' || column === 'prediction') return 'trips per hour';
  const weather = WEATHER_INPUTS.find((name) => name === column);
  return weather && weatherFacts(weather).unit;
}

/** Merges sine and cosine of a cycle into one entry: the one that is further beyond its threshold. Keeps the order. */
export function readableScores<Score extends ColumnScore>(scores: readonly Score[]): Score[] {
  return [...Map.groupBy(scores, ({ column }) => readableColumn(column))].map(([column, same]) => {
    const strongest = same.reduce((most, each) => (excess(each) > excess(most) ? each : most));
    return { ...strongest, column, drifted: same.some(({ drifted }) => drifted) };
  });
}

/** Returns how many times a score is beyond its threshold; 0 without a score. */
export function excess({ test, score, threshold }: ColumnScore): number {
  if (test === null || score === null || threshold === null) return 0;
  return isDistance(test) ? score / threshold : threshold / Math.max(score, Number.MIN_VALUE);
}

interface FollowUp {
  readonly decision: string;
  /** Reasons of the decision, the most urgent first. */
  readonly reasons: readonly string[];
  /** Outcome of the retraining that the check started; null if it started none. Absent while the check itself reports. */
  readonly retraining?: { readonly outcome: string; readonly reason: string | null } | null;
}

/**
 * Concludes a week in one sentence: which columns drifted, and whether a retraining followed.
 * @param scores of all columns of the week, as Evidently counts them.
 */
export function weekConclusion(week: string, scores: readonly ColumnScore[], followUp: FollowUp): string {
  const drifted = scores.filter((each) => each.drifted);
  const names = [...Map.groupBy(drifted, ({ column }) => readableColumn(column))].map(([name, same]) =>
    same.length > 1 ? `${name} (${same.length} columns)` : name,
  );
  const counted =
    drifted.length === 0 ? `No column of ${scores.length}` : `${drifted.length} of ${scores.length} columns`;
  return `${counted} drifted in week ${week}${names.length > 0 ? `: ${names.join(', ')}` : ''}; ${followUpText(followUp)}.`;
}

function followUpText({ decision, reasons: [reason = ''], retraining }: FollowUp): string {
  if (retraining) {
    const why = retraining.reason ? `: ${retraining.reason.replace(/\.$/, '')}` : '';
    return retraining.outcome === 'started'
      ? 'the retraining that followed is not finished'
      : `a retraining followed and was ${RETRAININGS[retraining.outcome] ?? retraining.outcome}${why}`;
  }
  if (decision === 'retrain')
    return retraining === null
      ? 'the check asked for a retraining, and none followed because the input of the run has no "retrain": true, or the limit of the month was reached'
      : 'the check asks for a retraining, which follows if the input of the run has "retrain": true';
  // The limits after the first semicolon would make the sentence too long.
  return `no retraining followed because the check decided ${decision}: ${reason.split('; ')[0]}`;
}

const RETRAININGS: Readonly<Record<string, string>> = {
  promoted: 'promoted',
  rejected: 'rejected',
  failed: 'unsuccessful',
};
