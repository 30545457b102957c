import { expect, test } from 'vitest';
import { scoreMetrics } from '../../../activities/score/score-metrics.ts';
import type { IssuedHour } from '../../../contracts/forecast-score.ts';
import { scoreForecasts } from '../../../core/forecast/score-forecasts.ts';

const ROWS = [
  { date: '2025-01-02', hour: 8, trips: 100 },
  { date: '2025-01-02', hour: 9, trips: 200 },
];

/** Intervals of ±5, ±10 and ±20 trips. */
function issued(
  leadDay: number,
  hour: number,
  prediction: number,
  more: Partial<IssuedHour> = {},
): IssuedHour {
  const around = (distance: number) => ({ lower: prediction - distance, upper: prediction + distance });
  return {
    leadDay,
    date: '2025-01-02',
    hour,
    prediction,
    intervals: { 0.5: around(5), 0.8: around(10), 0.9: around(20) },
    weather: 'forecast',
    version: '2',
    issuedAt: '2025-01-01T12:00:00.000Z',
    ...more,
  };
}

const BASELINES = new Map([['2', { naive: [130, 160], observed: [103, 204] }]]);

test('scores by lead day: errors of +4 and -30 trips, the second beyond its 90 % interval', () => {
  const [score, ...others] = scoreForecasts([issued(1, 8, 104), issued(1, 9, 170)], ROWS, BASELINES);
  expect(others).toEqual([]);
  expect(score).toEqual({
    leadDay: 1,
    hours: 2,
    issues: 1,
    versions: ['2'],
    rmse: Math.sqrt((16 + 900) / 2),
    mae: 17,
    bias: -13,
    coverage: { 0.5: 0.5, 0.8: 0.5, 0.9: 0.5 },
    width: 40,
    // The second hour misses its bound of 190 by 10 trips, which cost 20 each.
    winkler: (40 + 40 + 20 * 10) / 2,
    climatologyShare: 0,
    // Errors of +30 and -40 trips.
    rmseNaive: Math.sqrt((900 + 1600) / 2),
    skill: 1 - Math.sqrt(916 / 2500),
    // Errors of +3 and +4 trips.
    rmseObserved: Math.sqrt(12.5),
  });
});

test('counts each interval by itself: an hour 8 trips off is outside of the 50 % interval alone', () => {
  const [score] = scoreForecasts([issued(3, 8, 108)], ROWS, BASELINES);
  expect(score).toMatchObject({ leadDay: 3, coverage: { 0.5: 0, 0.8: 1, 0.9: 1 } });
});

test('sorts lead days, names all versions by number, and counts issues and climatology', () => {
  const scores = scoreForecasts(
    [
      issued(7, 8, 100, { weather: 'climatology' }),
      issued(1, 8, 100, { version: '10' }),
      issued(1, 9, 200, { issuedAt: '2025-01-01T15:00:00.000Z' }),
      issued(7, 9, 200),
    ],
    ROWS,
    BASELINES,
  );
  expect(scores.map(({ leadDay }) => leadDay)).toEqual([1, 7]);
  expect(scores[0]).toMatchObject({ hours: 2, issues: 2, versions: ['2', '10'], rmse: 0 });
  expect(scores[1]).toMatchObject({ climatologyShare: 0.5 });
});

test('without the baselines of a version, compares with none, and still scores', () => {
  const scores = scoreForecasts([issued(1, 8, 104), issued(1, 9, 200, { version: '1' })], ROWS, BASELINES);
  expect(scores[0]).toMatchObject({ hours: 2, rmseNaive: null, skill: null, rmseObserved: null });
});

test('leaves out hours without published trips', () => {
  expect(scoreForecasts([issued(1, 23, 104)], ROWS, BASELINES)).toEqual([]);
});

test('metrics of MLflow have the lead day in their name and the month as their step, and leave out what is unknown', () => {
  const scores = scoreForecasts([issued(1, 8, 104)], ROWS, new Map());
  const metrics = scoreMetrics('2025-01', scores);
  expect(metrics).toContainEqual({
    key: 'forecast_lead_1_rmse',
    value: 4,
    timestamp: Date.parse('2025-02-01'),
    step: 202501,
  });
  expect(metrics.map(({ key }) => key)).not.toContain('forecast_lead_1_skill');
});
