/** Drift of one column: test chosen or asked for, score, verdict. */
import { CitibikeError } from '../../contracts/errors.ts';
import type { CleanSample } from './sample.ts';
import { chooseTest, testNamed } from './stattests/registry.ts';
import type { ColumnType } from './table.ts';

/** Names are Evidently's, so that reports can be compared key by key. */
export interface ColumnDrift {
  readonly type: ColumnType;
  /** Name to ask for the test by; null when no test could be made. */
  readonly test: string | null;
  /** Evidently's display name of it. */
  readonly stattest: string | null;
  readonly threshold: number | null;
  /** p-value or distance; null when the test has no answer, which is not drift. */
  readonly drift_score: number | null;
  readonly drift_detected: boolean;
  /** Why there is no score. */
  readonly note?: string;
}

export interface TestChoice {
  /** Name of one test for every column; left out: chosen per column. */
  readonly test?: string;
  /** Instead of the test's own. */
  readonly threshold?: number;
}

/**
 * @param name of the column, for messages.
 * @throws CitibikeError INVALID_INPUT when the types differ or the test asked for does not take the type.
 */
export function columnDrift(
  name: string,
  reference: CleanSample,
  current: CleanSample,
  choice: TestChoice = {},
): ColumnDrift {
  if (reference.type !== current.type) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `column ${JSON.stringify(name)} is ${reference.type} in reference and ${current.type} in current; declare it categorical`,
    );
  }
  const test = choice.test === undefined ? undefined : testNamed(choice.test);
  if (test && !test.types.includes(reference.type)) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `test ${test.name} takes columns of type ${test.types.join(' or ')}, and ${JSON.stringify(name)} is ${reference.type}`,
    );
  }
  const empty = reference.size === 0 ? 'reference' : current.size === 0 ? 'current' : undefined;
  if (empty) {
    const note = `no value in ${empty}`;
    return {
      type: reference.type,
      test: null,
      stattest: null,
      threshold: null,
      drift_score: null,
      drift_detected: false,
      note,
    };
  }
  const used = test ?? chooseTest(reference, current);
  const threshold = choice.threshold ?? used.threshold;
  const score = used.score(reference, current);
  return {
    type: reference.type,
    test: used.name,
    stattest: used.label,
    threshold,
    drift_score: Number.isFinite(score) ? score : null,
    drift_detected: used.drifted(score, threshold),
  };
}
