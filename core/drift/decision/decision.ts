/** Decides what to do about the results of a drift check, and gives the reasons with their values. */
import type { Comparison } from '../evidently/compare.ts';
import type { DriftRules } from './drift-rules.ts';
import type { ResidualComparison, ResidualWeek } from '../residuals/compare-residuals.ts';
import type { WeekFindingKind } from '../residuals/week-finding.ts';

const DECISIONS = ['keep', 'watch', 'retrain', 'alert'] as const;
/** Represents a decision. `DECISIONS` is in ascending order of urgency. */
export type DecisionKind = (typeof DECISIONS)[number];

/** Represents one rule with its value and the decision that it leads to. */
interface Evidence {
  readonly rule:
    | 'rmse_ratio'
    | 'bias'
    | 'coverage'
    | 'like_with_like'
    | 'cusum'
    | 'data'
    | 'missing'
    | 'columns'
    | 'drift'
    | 'earlier_months';
  readonly decision: DecisionKind;
  /** Measured value of the rule, or null if it was not measured. */
  readonly value: number | null;
  readonly reason: string;
}

export interface Decision {
  readonly decision: DecisionKind;
  /** Reasons, the most urgent first. The list is never empty. */
  readonly reasons: readonly string[];
  /** Evidence in the order of the reasons. */
  readonly evidence: readonly Evidence[];
}

interface EarlierDecision {
  /** First month of current, `YYYY-MM`. */
  readonly month: string;
  readonly decision: DecisionKind;
}

export interface DecisionInput {
  /** Comparison of all of current with reference, with target and prediction. */
  readonly comparison: Comparison;
  readonly predictionColumn: string;
  /** Number of hours of reference, and of those whose prediction comes from a model that was trained on the hour. */
  readonly referenceHours: { readonly all: number; readonly inSample: number };
  /** Null if the model has no out-of-fold predictions. */
  readonly likeWithLike: ResidualComparison | null;
  /** First month of current, `YYYY-MM`. */
  readonly month: string;
  /** Decisions on the same model. Those of `month` and later are ignored, so that a repeated check decides the same. */
  readonly earlier: readonly EarlierDecision[];
  readonly rules: DriftRules;
}

/** Decides by the most urgent evidence. The reasons include evidence for keeping the model. */
export function decide(input: DecisionInput): Decision {
  const evidence = [
    rmseEvidence(input),
    biasEvidence(input),
    ...(input.likeWithLike ? residualEvidence(input.likeWithLike, input.rules) : []),
    driftEvidence(input),
    missingEvidence(input),
    columnsEvidence(input),
  ].filter((each) => each !== undefined);
  const watched = mostUrgent(evidence) === 'watch' ? earlierEvidence(input) : undefined;
  const sorted = [...evidence, ...(watched ? [watched] : [])].toSorted(
    (a, b) => DECISIONS.indexOf(b.decision) - DECISIONS.indexOf(a.decision),
  );
  return {
    decision: mostUrgent(sorted),
    reasons: sorted.map(({ reason }) => reason),
    evidence: sorted,
  };
}

function mostUrgent(evidence: readonly Evidence[]): DecisionKind {
  return DECISIONS[Math.max(0, ...evidence.map(({ decision }) => DECISIONS.indexOf(decision)))]!;
}

function missingEvidence({ comparison, rules: { shareMissing } }: DecisionInput): Evidence {
  const { share_of_missing_values: share, columns_with_missing_values: columns } = comparison.missing.current;
  const decision = atLeast(share, shareMissing);
  const where = columns.length > 0 ? ` (${columns.join(', ')})` : '';
  return {
    ...{ rule: 'missing', decision, value: share },
    reason: `${percent(share)} of the values of current are missing${where}; watch from ${percent(shareMissing.watch)}, alert from ${percent(shareMissing.alert)}`,
  };
}

function columnsEvidence({ comparison }: DecisionInput): Evidence | undefined {
  const empty = Object.entries(comparison.columns).filter(([, column]) => column.test === null);
  if (empty.length === 0) return undefined;
  const names = empty.map(([name, column]) => `${name}: ${column.note}`).join('; ');
  const reason = `columns that cannot be compared: ${names}`;
  return { rule: 'columns', decision: 'alert', value: empty.length, reason };
}

function rmseEvidence({ comparison, referenceHours, rules }: DecisionInput): Evidence | undefined {
  const { current, reference } = comparison.regression ?? {};
  if (!current?.rmse || !reference?.rmse) return undefined;
  const value = current.rmse / reference.rmse;
  const errors = `RMSE is ${round(current.rmse)}, on reference ${round(reference.rmse)}`;
  const found = { rule: 'rmse_ratio', value } as const;
  if (current.rows < rules.fewestHours) {
    return { ...found, decision: 'keep', reason: tooFewHours(errors, current.rows, rules) };
  }
  if (referenceHours.inSample > 0) {
    return {
      ...{ ...found, decision: 'keep' },
      reason: `${errors}, not judged: the model was trained on ${referenceHours.inSample} of the ${referenceHours.all} hours of reference and has no out-of-fold predictions for them`,
    };
  }
  const { watch, retrain, alert } = rules.rmseRatio;
  return {
    ...{ ...found, decision: atLeast(value, rules.rmseRatio) },
    reason: `${errors}, ratio ${value.toFixed(2)}; watch from ${watch}, retrain from ${retrain}, alert from ${alert}`,
  };
}

function biasEvidence({ comparison, rules }: DecisionInput): Evidence | undefined {
  const { current } = comparison.regression ?? {};
  if (!current?.mean_error || !current.target_mean) return undefined;
  const value = current.mean_error / Math.abs(current.target_mean);
  const words = `predictions are ${round(Math.abs(current.mean_error))} per hour ${value < 0 ? 'below' : 'above'} the actual trips on average, ${percent(Math.abs(value))} of their mean`;
  if (current.rows < rules.fewestHours) {
    return { rule: 'bias', decision: 'keep', value, reason: tooFewHours(words, current.rows, rules) };
  }
  const { watch, retrain } = rules.bias;
  const reason = `${words}; watch from ${percent(watch)}, retrain from ${percent(retrain)}`;
  return { rule: 'bias', decision: atLeast(Math.abs(value), rules.bias), value, reason };
}

/** Judges drift only while trips are unpublished, because other weather and seasons change predictions and inputs without harm. */
function driftEvidence({ comparison, predictionColumn, rules }: DecisionInput): Evidence | undefined {
  const column = comparison.columns[predictionColumn];
  if (!column || column.drift_score === null) return undefined;
  const { number_of_drifted_columns: drifted, number_of_columns: columns } = comparison.dataset_drift;
  const words = `prediction drift ${column.drift_score.toPrecision(3)} by ${column.stattest}, ${column.drift_detected ? 'beyond' : 'within'} its threshold of ${column.threshold}; ${drifted} of ${columns} columns drifted`;
  const judged = (comparison.regression?.current.rows ?? 0) >= rules.fewestHours;
  const isDrift = column.drift_detected || comparison.dataset_drift.dataset_drift;
  return {
    ...{ rule: 'drift', value: column.drift_score, decision: isDrift && !judged ? 'watch' : 'keep' },
    reason: isDrift && judged ? `${words}; not judged, because the errors are known` : words,
  };
}

const DEMAND: readonly WeekFindingKind[] = ['level_shift', 'lost_station_group', 'hours_shift'];
const DATA: readonly WeekFindingKind[] = ['stuck_sensor', 'repeated_trips', 'changed_unit'];

function residualEvidence({ earlier, weeks, cusum }: ResidualComparison, rules: DriftRules): Evidence[] {
  const evidence: Evidence[] = [];
  const judged = weeks.filter(({ level }) => level !== null);
  const off = found(weeks, DEMAND);
  const alarms = `${off.weeks} of ${judged.length} weeks differ from what season and weather explain`;
  evidence.push({
    ...{ rule: 'like_with_like', value: off.weeks, decision: atLeast(off.weeks, rules.alarmedWeeks) },
    reason: `${alarms}${off.weeks > 0 ? ` (${off.texts})` : ''}; watch from ${rules.alarmedWeeks.watch}, retrain from ${rules.alarmedWeeks.retrain}`,
  });
  if (cusum.alarm) {
    const { since, week, direction } = cusum.alarm;
    const levels = [...earlier, ...weeks].flatMap(({ week: at, level }) =>
      at >= since && level !== null ? [level] : [],
    );
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    evidence.push({
      ...{ rule: 'cusum', decision: 'retrain', value: mean },
      reason: `trips have been ${percent(Math.abs(Math.expm1(mean)))} ${direction === 'up' ? 'above' : 'below'} what season and weather explain since ${since}; the cumulative sum exceeded ${rules.likeWithLike.cusum.limit} in ${week}`,
    });
  }
  const wrong = found(weeks, DATA);
  if (wrong.weeks > 0) {
    const reason = `the data look wrong, so retraining does not help: ${wrong.texts}`;
    evidence.push({ rule: 'data', decision: 'alert', value: wrong.weeks, reason });
  }
  const coverage = coverageEvidence(weeks, rules);
  if (coverage) evidence.push(coverage);
  return evidence;
}

/** Returns the number of weeks with findings of these kinds, and their texts. */
function found(
  weeks: readonly ResidualWeek[],
  kinds: readonly WeekFindingKind[],
): { weeks: number; texts: string } {
  const texts = weeks.map(({ week, findings }) => {
    const own = findings.filter(({ kind }) => kinds.includes(kind));
    if (own.length === 0) return undefined;
    return `${week}: ${own.map(({ kind, column, text }) => `${kind}, ${column ?? 'demand'} ${text}`).join('; ')}`;
  });
  const there = texts.filter((text) => text !== undefined);
  return { weeks: there.length, texts: there.join('; ') };
}

function coverageEvidence(weeks: readonly ResidualWeek[], rules: DriftRules): Evidence | undefined {
  const judged = weeks.filter(({ coverage }) => coverage !== null);
  const hours = judged.reduce((sum, week) => sum + week.hours, 0);
  if (hours === 0) return undefined;
  const value = judged.reduce((sum, { hours, coverage }) => sum + hours * coverage!, 0) / hours;
  const words = `${percent(value)} of the hours are within their 90 % interval`;
  if (hours < rules.fewestHours) {
    return { rule: 'coverage', decision: 'keep', value, reason: tooFewHours(words, hours, rules) };
  }
  const { watch, retrain } = rules.coverage;
  const decision = value < retrain ? 'retrain' : value < watch ? 'watch' : 'keep';
  const reason = `${words}; watch below ${percent(watch)}, retrain below ${percent(retrain)}`;
  return { rule: 'coverage', decision, value, reason };
}

/** Retrains after several watched months in a row, because a single one may be chance. */
function earlierEvidence({ month, earlier, rules }: DecisionInput): Evidence | undefined {
  const byMonth = new Map(earlier.filter((each) => each.month < month).map((each) => [each.month, each]));
  const watched = [month];
  for (let at = monthBefore(month); byMonth.get(at)?.decision === 'watch'; at = monthBefore(at)) {
    watched.unshift(at);
  }
  if (watched.length < rules.watchesToRetrain) return undefined;
  const reason = `watched ${watched.length} months in a row (${watched.join(', ')}); retrain from ${rules.watchesToRetrain}`;
  return { rule: 'earlier_months', decision: 'retrain', value: watched.length, reason };
}

function monthBefore(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`;
}

/** Returns the most urgent decision whose limit the value reaches. */
function atLeast(value: number, levels: Readonly<Partial<Record<DecisionKind, number>>>): DecisionKind {
  const reached = DECISIONS.filter((kind) => value >= (levels[kind] ?? Infinity));
  return reached.at(-1) ?? 'keep';
}

function tooFewHours(words: string, rows: number, { fewestHours }: DriftRules): string {
  return `${words}, not judged: only ${rows} hours, expected at least ${fewestHours}`;
}

/** Three digits at least: of a small system, an error of 2.6 against 2.5 must not read as 3 against 2. */
const round = (value: number): string =>
  String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
