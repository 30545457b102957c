import { describe, expect, it } from 'vitest';
import {
  cyclesAmong,
  isDistance,
  readableColumn,
  readableScores,
  scoreText,
  unitOf,
  weekConclusion,
  weekToConclude,
  type ColumnScore,
} from '../../../contracts/drift-reading.ts';
import { TEST_NAMES, testNamed } from '../../../core/drift/evidently/stattests/choose-test.ts';

const score = (column: string, value: number, drifted: boolean, test = 'wasserstein'): ColumnScore => ({
  column,
  test,
  score: value,
  threshold: test === 'wasserstein' ? 0.1 : 0.05,
  drifted,
});

describe('the score of a test', () => {
  it.each(TEST_NAMES)('of %s is a distance if and only if greater means drift', (name) => {
    const test = testNamed(name);
    expect(isDistance(name)).toBe(test.drifted(2, 1));
    expect(isDistance(name)).toBe(!test.drifted(0.01, 0.02));
  });

  it('is named with its threshold', () => {
    expect(scoreText(score('TMAX', 0.35, true), String)).toBe('Wasserstein distance 0.35, drift from 0.1');
    expect(scoreText(score('TMAX', 0.01, true, 'ks'), String)).toBe('p-value of ks 0.01, drift below 0.05');
    const none = { column: 'x', test: null, score: null, threshold: null, drifted: false };
    expect(scoreText(none, String)).toBe('not compared');
  });
});

describe('columns that people read', () => {
  it('are hour, weekday, week and month instead of sine and cosine', () => {
    expect(['hr_sin', 'weekday_cos', 'week_sin', 'mnth_cos', 'TMAX', 'odd_sin'].map(readableColumn)).toEqual([
      'hour',
      'weekday',
      'week',
      'month',
      'TMAX',
      'odd_sin',
    ]);
    expect(cyclesAmong(['hr_sin', 'hr_cos', 'week_sin'])).toEqual([
      { name: 'hour', sine: 'hr_sin', cosine: 'hr_cos' },
    ]);
  });

  it('have the score that is further beyond its threshold', () => {
    const scores = [score('TMAX', 0.2, true), score('hr_sin', 0.05, false), score('hr_cos', 0.3, true)];
    expect(readableScores(scores)).toEqual([scores[0], { ...scores[2], column: 'hour' }]);
    const byPValue = [score('hr_sin', 0.04, true, 'ks'), score('hr_cos', 0.001, true, 'ks')];
    expect(readableScores(byPValue)[0]!.score).toBe(0.001);
  });

  it('have units', () => {
    expect(['TMAX', 'SNOW', 'trips', 'holiday'].map(unitOf)).toEqual([
      '°F',
      'inches',
      'trips per hour',
      undefined,
    ]);
  });
});

describe('the conclusion of a week', () => {
  const scores = [score('TMAX', 0.2, true), score('hr_sin', 0.2, true), score('hr_cos', 0.2, true)];
  const reasons = ['RMSE is 320, ratio 1.03; watch from 1.2'];

  it('counts columns as Evidently does, names them for people, and gives the reason of the decision', () => {
    expect(weekConclusion('2025-W02', scores, { decision: 'keep', reasons })).toBe(
      '3 of 3 columns drifted in week 2025-W02: TMAX, hour (2 columns); no retraining followed because the check decided keep: RMSE is 320, ratio 1.03.',
    );
  });

  it.each([
    [
      undefined,
      'the check asks for a retraining, which follows if the input of the run has "retrain": true.',
    ],
    [
      null,
      'the check asked for a retraining, and none followed because the input of the run has no "retrain": true, or the limit of the month was reached.',
    ],
    [{ outcome: 'started', reason: null }, 'the retraining that followed is not finished.'],
    [{ outcome: 'rejected', reason: 'it is worse.' }, 'a retraining followed and was rejected: it is worse.'],
  ])('says what became of a retraining: %j', (retraining, end) => {
    const text = weekConclusion('2025-W02', [score('TMAX', 0, false)], {
      decision: 'retrain',
      reasons,
      ...(retraining === undefined ? {} : { retraining }),
    });
    expect(text).toBe(`No column of 1 drifted in week 2025-W02; ${end}`);
  });
});

it('concludes the newest week with most of its hours, or else the newest week', () => {
  const [whole, half, part] = [{ hours: 168 }, { hours: 84 }, { hours: 24 }];
  expect(weekToConclude([whole, half, part])).toBe(half);
  expect(weekToConclude([part])).toBe(part);
  expect(weekToConclude([])).toBeUndefined();
});
