import { describe, expect, it } from 'vitest';
import type { FrameRow } from '../../../contracts/frame.ts';
import { scoreHiddenWeeks } from '../../../core/evaluation/refit-evaluation.ts';

const weather = { TMAX: 40, TMIN: 30, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 5, PRCP_yesterday: 0 };
const row = (date: string, trips: number): FrameRow => ({
  ...{ date, hour: 8, trips, holiday: 0, weather_filled: false },
  ...weather,
});
// Four Mondays of one month at 8 h.
const train = [
  row('2025-01-06', 100),
  row('2025-01-13', 200),
  row('2025-01-20', 300),
  row('2025-01-27', 400),
];
const trainedOn = {
  system: 'nyc',
  from: '2025-01-06',
  to: '2025-01-27',
  hours: 4,
  synthetic: false,
} as const;
const said = (date: string, prediction: number) => ({ date, hour: 8, prediction, lower: null, upper: null });

describe('the evaluation of a refit', () => {
  it('scores what was said of an hour whose week was hidden', () => {
    const { metrics } = scoreHiddenWeeks(trainedOn, train, [
      said('2025-01-06', 103),
      said('2025-01-13', 196),
    ]);
    // Errors of +3 and −4.
    expect(metrics.rows).toBe(2);
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(metrics.bias).toBeCloseTo(-0.5, 12);
  });

  it('forecasts each week naively from the other weeks alone', () => {
    const { naive } = scoreHiddenWeeks(trainedOn, train, [said('2025-01-06', 100)]);
    // Means of the other three: 300, 266.67, 233.33, 200; errors 200, 66.67, −66.67, −200.
    expect(naive.meanByCalendar.mae).toBeCloseTo(400 / 3, 9);
  });

  it('refuses a model that hid no hour', () => {
    expect(() => scoreHiddenWeeks(trainedOn, train, [])).toThrow(/no out-of-fold predictions/);
  });
});
