/** Drift of one column: test chosen or asked for, score, verdict. */
import type { CleanSample } from './sample.ts';
import { chooseTest } from './stattests/registry.ts';
import type { ColumnType } from './table.ts';
import { chosenTest, type TestChoice } from './test-choice.ts';

/** Names are Evidently's, so that reports can be compared key by key. */
export interface ColumnDrift {
  readonly type: ColumnType;
  /** Name to ask for the test by; null when the column could not be compared. */
  readonly test: string | null;
  /** Evidently's display name of it. */
  readonly stattest: string | null;
  readonly threshold: number | null;
  /** p-value or distance; null when the test has no answer, which is not drift, or an infinite one, which is. */
  readonly drift_score: number | null;
  readonly drift_detected: boolean;
  /** Why there is no score. */
  readonly note?: string;
}

/** In a word. What was not compared is neither drift nor the absence of it. */
export function verdictOf({ drift_score, drift_detected }: ColumnDrift): 'drift' | 'no' | 'not compared' {
  if (drift_detected) return 'drift';
  return drift_score === null ? 'not compared' : 'no';
}

/**
 * What the data leave unanswered is said in `note`: samples that are empty, of two types, or not to the test's taste.
 * @param name of the column.
 * @throws CitibikeError INVALID_INPUT when the test asked for is not there or does not take the column's type.
 */
export function columnDrift(
  name: string,
  reference: CleanSample,
  current: CleanSample,
  choice: TestChoice = {},
): ColumnDrift {
  const empty = reference.size === 0 ? 'reference' : current.size === 0 ? 'current' : undefined;
  if (empty) return notCompared(reference.type, `no value in ${empty}`);
  if (reference.type !== current.type) {
    return notCompared(
      reference.type,
      `${KIND[reference.type]} in reference, ${KIND[current.type]} in current: mend the values, or declare it categorical`,
    );
  }
  const chosen = chosenTest(choice, name, reference.type);
  const test = chosen.test ?? chooseTest(reference, current);
  const threshold = chosen.threshold ?? test.threshold;
  const told: Pick<ColumnDrift, 'type' | 'test' | 'stattest' | 'threshold'> = {
    type: reference.type,
    test: test.name,
    stattest: test.label,
    threshold,
  };
  const refusal = test.refusal?.(reference, current);
  if (refusal !== undefined) return { ...told, drift_score: null, drift_detected: false, note: refusal };
  const score = test.score(reference, current, choice.evidently);
  const drifted = test.drifted(score, threshold);
  if (Number.isFinite(score)) return { ...told, drift_score: score, drift_detected: drifted };
  const note = Number.isNaN(score)
    ? `${test.name} has no answer for these values`
    : `${test.name} is beyond the range of numbers`;
  return { ...told, drift_score: null, drift_detected: drifted, note };
}

const KIND: Readonly<Record<ColumnType, string>> = { num: 'numbers', cat: 'categories' };

/** A column that no test can be made on. */
export function notCompared(type: ColumnType, note: string): ColumnDrift {
  return {
    type,
    test: null,
    stattest: null,
    threshold: null,
    drift_score: null,
    drift_detected: false,
    note,
  };
}
