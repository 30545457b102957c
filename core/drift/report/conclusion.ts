/** Concludes a comparison in one sentence, which a report shows first. */
import { showName } from '../../../contracts/show-value.ts';
import { percent } from '../../report/short-number.ts';
import { columnOutcome } from '../evidently/column-drift.ts';
import type { Comparison } from '../evidently/compare.ts';

export type Outcome = 'drift' | 'no_drift' | 'nothing_compared';

/** Represents the fields of a comparison that a conclusion needs. */
export type Compared = Pick<Comparison, 'columns' | 'dataset_drift'>;

export interface Conclusion {
  readonly outcome: Outcome;
  /** Beginning of the concluding sentence, which `figures` complete. */
  readonly headline: string;
  /** Shares and names, without a full stop. */
  readonly figures: string;
  /** Columns that drifted over all of current. */
  readonly drifted_columns: readonly string[];
  readonly not_compared_columns: readonly string[];
  readonly drifted_weeks: readonly string[];
  /** Weeks in which no column could be compared. */
  readonly not_compared_weeks: readonly string[];
}

/** Limits the number of names in a sentence. */
const MOST_NAMES = 8;

const HEADLINES: Readonly<Record<Outcome, string>> = {
  drift: 'Drift found',
  no_drift: 'No drift found',
  nothing_compared: 'Nothing could be compared',
};

/** Returns the outcome of one comparison. A comparison without a single score is neither drift nor its absence. */
export function outcomeOf({ columns, dataset_drift }: Compared): Outcome {
  if (dataset_drift.dataset_drift) return 'drift';
  const isCompared = Object.values(columns).some((column) => columnOutcome(column) !== 'not compared');
  return isCompared ? 'no_drift' : 'nothing_compared';
}

/**
 * Concludes from all comparisons. Weeks decide if at least one could be compared; otherwise all of current decides.
 * @param nameOf name of a drifted column in the sentence. Columns with the same name are named once.
 */
export function conclude(
  whole: Compared,
  weeks?: Readonly<Record<string, Compared>>,
  nameOf: (column: string) => string = (column) => column,
): Conclusion {
  const outcomes = Object.entries(weeks ?? {}).map(
    ([week, compared]) => [week, outcomeOf(compared)] as const,
  );
  const weeksWith = (wanted: Outcome) =>
    outcomes.filter(([, outcome]) => outcome === wanted).map(([week]) => week);
  const drifted = weeksWith('drift');
  const unchanged = weeksWith('no_drift');
  const outcome = drifted.length > 0 ? 'drift' : unchanged.length > 0 ? 'no_drift' : outcomeOf(whole);
  const columnsWith = (wanted: ReturnType<typeof columnOutcome>) =>
    Object.keys(whole.columns).filter((name) => columnOutcome(whole.columns[name]!) === wanted);
  const facts = {
    outcome,
    drifted_columns: columnsWith('drift'),
    not_compared_columns: columnsWith('not compared'),
    drifted_weeks: drifted,
    not_compared_weeks: weeksWith('nothing_compared'),
  };
  const figures = [
    ...(weeks ? weekFigures(facts, outcomes.length) : []),
    ...columnFigures(facts, whole, weeks !== undefined, nameOf),
  ];
  return { ...facts, headline: HEADLINES[outcome], figures: figures.join('; ') };
}

type Facts = Omit<Conclusion, 'headline' | 'figures'>;

/** Returns the conclusion as one sentence. */
export function conclusionText({ headline, figures }: Conclusion): string {
  return `${headline}: ${figures}.`;
}

function weekFigures({ drifted_weeks: drifted, not_compared_weeks: lost }: Facts, count: number): string[] {
  if (count === 0) return ['current has no weeks'];
  const figures: string[] = [];
  if (lost.length < count) {
    const named = drifted.length > 0 && drifted.length < count ? ` (${names(drifted)})` : '';
    figures.push(`${amount(drifted.length, count, 'week')} drifted${named}`);
  }
  if (lost.length > 0) {
    figures.push(`${amount(lost.length, count, 'week')} could not be compared (${names(lost)})`);
  }
  return figures;
}

function columnFigures(
  facts: Facts,
  { columns, dataset_drift }: Compared,
  hasWeeks: boolean,
  nameOf: (column: string) => string,
): string[] {
  const { drifted_columns: drifted, not_compared_columns: lost } = facts;
  const { number_of_columns: count, share_of_drifted_columns: share, drift_share: limit } = dataset_drift;
  if (count === 0) return ['reference has no columns to compare'];
  const missed = namesByReason(lost, columns);
  if (lost.length === count) return [missed];
  const where = hasWeeks ? ' over all of current' : '';
  const named = drifted.length > 0 ? `: ${names([...new Set(drifted.map(nameOf))])}` : '';
  const figures = [
    `${amount(drifted.length, count, 'column')} drifted${where} (${percent(share)}, limit ${percent(limit)})${named}`,
  ];
  if (lost.length > 0) {
    figures.push(`${amount(lost.length, count, 'column')} could not be compared: ${missed}`);
  }
  return figures;
}

/** Lists columns by reason, such as `x, y (no value in current), z (column is not in current)`. */
function namesByReason(lost: readonly string[], columns: Compared['columns']): string {
  const groups = Map.groupBy(lost, (name) => columns[name]?.note ?? 'no score');
  return [...groups].map(([reason, group]) => `${names(group)} (${reason})`).join(', ');
}

/** Formats a count, such as `all 14 weeks`, `no week of 14`, `3 of 14 weeks`. */
function amount(part: number, count: number, noun: string): string {
  if (part === 0) return `no ${noun} of ${count}`;
  if (count === 1) return `the only ${noun}`;
  return `${part === count ? 'all' : `${part} of`} ${count} ${noun}s`;
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMES).map((name) => showName(name));
  const more = all.length > MOST_NAMES ? ` and ${all.length - MOST_NAMES} more` : '';
  return `${shown.join(', ')}${more}`;
}
