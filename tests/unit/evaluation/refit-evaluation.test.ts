import { describe, expect, it } from 'vitest';
import type { FrameRow } from '../../../contracts/frame.ts';
import { scoreHiddenWeeks } from '../../../core/evaluation/refit-evaluation.ts';

const weather = { TMAX: 40, TMIN: 30, SNOW: 0, PRCP: 0, SNWD: 0, AWND: 5, PRCP_yesterday: 0 };
const row = (date: string, trips: number): FrameRow => ({
  ...{ date, hour: 8, trips, holiday: 0, weather_filled: false },
  ...weather,
});
// The frame has four Mondays of one month at 8 h.
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
  it('scores predictions of hours whose week was hidden', () => {
    const { metrics } = scoreHiddenWeeks(trainedOn, train, [
      said('2025-01-06', 103),
      said('2025-01-13', 196),
    ]);
    // The errors are +3 and −4.
    expect(metrics.rows).toBe(2);
    expect(metrics.rmse).toBeCloseTo(Math.sqrt(12.5), 12);
    expect(metrics.bias).toBeCloseTo(-0.5, 12);
  });

  it('forecasts each week naively from the other weeks only', () => {
    const { naive } = scoreHiddenWeeks(trainedOn, train, [said('2025-01-06', 100)]);
    // Means of the other three are 300, 266.67, 233.33, 200; errors are 200, 66.67, −66.67, −200.
    expect(naive.meanByCalendar.mae).toBeCloseTo(400 / 3, 9);
  });

  it('rejects a model that hid no hour', () => {
    expect(() => scoreHiddenWeeks(trainedOn, train, [])).toThrow(/no out-of-fold predictions/);
  });
});
