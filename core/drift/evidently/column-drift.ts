/** Computes the drift of one column with the chosen test. */
import type { CleanSample } from './clean-sample.ts';
import { chooseTest } from './stattests/choose-test.ts';
import type { ColumnType } from './drift-table.ts';
import { chosenTest, type TestChoice } from './test-choice.ts';

/** Names are Evidently's, so that reports can be compared key by key. */
export interface ColumnDrift {
  readonly type: ColumnType;
  /** Name of the test in options, or null if the column could not be compared. */
  readonly test: string | null;
  /** Evidently's display name of the test. */
  readonly stattest: string | null;
  readonly threshold: number | null;
  /** p-value or distance. Null for an undefined result, which is not drift, or an infinite one, which is. */
  readonly drift_score: number | null;
  readonly drift_detected: boolean;
  /** Reason for a missing score. */
  readonly note?: string;
}

/** Returns whether a column drifted, or that it could not be compared. */
export function columnOutcome({ drift_score, drift_detected }: ColumnDrift): 'drift' | 'no' | 'not compared' {
  if (drift_detected) return 'drift';
  return drift_score === null ? 'not compared' : 'no';
}

/**
 * Compares one column. `note` tells why there is no score: empty samples, different types, or samples that the test cannot use.
 * @param name name of the column.
 * @throws CitibikeError INVALID_INPUT for an unknown test, or a test that does not accept the column's type.
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
      `${KIND[reference.type]} in reference, ${KIND[current.type]} in current: correct the values, or declare the column categorical`,
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
    ? `the result of ${test.name} is undefined for these values`
    : `the result of ${test.name} is infinite`;
  return { ...told, drift_score: null, drift_detected: drifted, note };
}

const KIND: Readonly<Record<ColumnType, string>> = { num: 'numbers', cat: 'categories' };

/** Returns the result of a column that no test can compare. */
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
