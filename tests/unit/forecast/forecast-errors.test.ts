import { describe, expect, it } from 'vitest';
import { learnForecastErrors, tenths, type ForecastOutcome } from '../../../core/forecast/forecast-errors.ts';
import { MEASURED_ERRORS } from '../../../core/forecast/measured-errors.ts';

/** Outcomes of lead day 1: forecasts 2 °F too warm by day and 1 °F too cold by night, give or take, with rain every other day. */
function outcomes(count: number): ForecastOutcome[] {
  return Array.from({ length: count }, (_, i) => {
    const swing = i % 2 === 0 ? 1 : -1;
    const rain = i % 4 < 2 ? 0.1 * (1 + (i % 5)) : 0;
    return {
      leadDay: 1,
      forecast: { TMAX: 52 + swing, TMIN: 29 + swing, PRCP: rain, SNOW: 0, AWND: 10, rainProbability: null },
      observed: { TMAX: 50, TMIN: 30, PRCP: rain * 0.5, SNOW: 0, SNWD: 0, AWND: 10 * Math.exp(0.3 * swing) },
    };
  });
}

describe('errors learned from outcomes', () => {
  it('replace the measured ones of a lead day with 60 outcomes', () => {
    const learned = learnForecastErrors(outcomes(80), MEASURED_ERRORS);
    expect(learned.temperature[1]).toEqual({
      bias: { TMAX: 2, TMIN: -1 },
      deviation: { TMAX: 1, TMIN: 1 },
      correlation: 1,
    });
    expect(learned.temperature[2]).toBe(MEASURED_ERRORS.temperature[2]);
    expect(learned.wind).toBeCloseTo(0.3, 12);
    const { slope, center, forecastCenter, deviation } = learned.rain.amount;
    expect(slope).toBeCloseTo(1, 9);
    expect(center - forecastCenter).toBeCloseTo(Math.log(0.5), 9);
    expect(deviation).toBeCloseTo(0, 9);
  });

  it('stay as measured with fewer outcomes', () => {
    expect(learnForecastErrors(outcomes(59), MEASURED_ERRORS)).toEqual(MEASURED_ERRORS);
  });
});

describe('the measured errors', () => {
  it('grow with the lead day', () => {
    const high = MEASURED_ERRORS.temperature.map(({ deviation }) => deviation.TMAX);
    expect(high).toHaveLength(8);
    expect(high.toSorted((a, b) => a - b)).toEqual(high);
  });

  it('hold the middles of tenths', () => {
    expect(tenths(Array.from({ length: 100 }, (_, i) => 99 - i))).toEqual([
      5, 15, 25, 35, 45, 55, 65, 75, 85, 95,
    ]);
  });
});
