/** Describes unusual properties of the data that a score does not show. */
import type { ColumnDrift } from './column-drift.ts';
import type { CleanSample } from './clean-sample.ts';
import type { Category, Table } from './drift-table.ts';
import { showValue } from '../../../contracts/show-value.ts';

type FindingKind =
  | 'no_rows'
  | 'few_rows'
  | 'column_gone'
  | 'column_new'
  | 'not_compared'
  | 'constant'
  | 'infinite'
  | 'out_of_range'
  | 'new_categories';

export interface Finding {
  readonly kind: FindingKind;
  /** Null if the finding concerns all columns. */
  readonly column: string | null;
  readonly text: string;
}

export function findingText({ column, text }: Finding): string {
  return column === null ? text : `${column}: ${text}`;
}

interface WithFindings {
  readonly findings: readonly Finding[];
}

/** Returns findings that only weeks have: too few rows, and columns that could not be compared in single weeks. */
export function weekFindingTexts(
  whole: WithFindings,
  weeks: readonly (readonly [week: string, found: WithFindings])[],
): string[] {
  const said = new Set(whole.findings.map(findingText));
  return weeks.flatMap(([week, { findings }]) =>
    findings
      .filter(({ kind }) => kind === 'few_rows' || kind === 'not_compared')
      .map(findingText)
      .filter((text) => !said.has(text))
      .map((text) => `${week}: ${text}`),
  );
}

/** Sets the minimum rows of current. With fewer, about a day of hours, a test misses most changes. */
const FEW_ROWS = 30;
/** Limits the number of new categories in a text. */
const NAMED = 5;

/** @param columns columns that are in current, but not in reference. */
export function tableFindings(current: Table, newColumns: readonly string[]): Finding[] {
  const findings = newColumns.map((column): Finding => ({
    kind: 'column_new',
    column,
    text: 'is in current, but not in reference',
  }));
  if (current.rows === 0) findings.unshift({ kind: 'no_rows', column: null, text: 'current has no rows' });
  else if (current.rows < FEW_ROWS) {
    const text = `current has only ${current.rows} row${current.rows === 1 ? '' : 's'}, expected at least ${FEW_ROWS}: tests miss most changes with so few rows`;
    findings.unshift({ kind: 'few_rows', column: null, text });
  }
  return findings;
}

/** @param infinite numbers of infinite values in reference and current. */
export function columnFindings(
  column: string,
  reference: CleanSample,
  current: CleanSample,
  drift: ColumnDrift,
  infinite: readonly [number, number],
): Finding[] {
  const findings: Finding[] = [];
  const add = (kind: FindingKind, text: string) => findings.push({ kind, column, text });
  if (drift.note !== undefined) add('not_compared', drift.note);
  if (infinite[0] + infinite[1] > 0) {
    add(
      'infinite',
      `${infinite[0]} values of reference and ${infinite[1]} of current are infinite and count as missing`,
    );
  }
  if (reference.size === 0 || current.size === 0) return findings;
  const constant = [reference, current].map((sample) => isConstant(sample));
  if (constant[0] || constant[1]) {
    const where = constant[0] ? (constant[1] ? 'reference and in current' : 'reference') : 'current';
    add('constant', `has a single value in ${where}`);
  }
  if (reference.type === 'num' && current.type === 'num') {
    const [low, high] = [reference.sorted[0]!, reference.sorted.at(-1)!];
    const [least, most] = [current.sorted[0]!, current.sorted.at(-1)!];
    if (least < low || most > high) {
      add('out_of_range', `is from ${least} to ${most}, in reference from ${low} to ${high}`);
    }
  }
  if (reference.type === 'cat' && current.type === 'cat') {
    const unseen = [...current.counts.keys()].filter((key) => !reference.counts.has(key));
    if (unseen.length > 0) add('new_categories', namesOf(unseen));
  }
  return findings;
}

function isConstant(sample: CleanSample): boolean {
  if (sample.size < 2) return false;
  return sample.type === 'num' ? sample.sorted[0] === sample.sorted.at(-1) : sample.distinct === 1;
}

function namesOf(keys: readonly Category[]): string {
  const named = keys.slice(0, NAMED).map((key) => showValue(key));
  const more = keys.length > NAMED ? ` and ${keys.length - NAMED} more` : '';
  return `${keys.length} categor${keys.length === 1 ? 'y' : 'ies'} not in reference: ${named.join(', ')}${more}`;
}
