import { describe, expect, it } from 'vitest';
import { addDays } from '../../../contracts/calendar.ts';
import type { WeatherDay } from '../../../contracts/frame.ts';
import { forecastDraws } from '../../../core/forecast/draw-forecasts.ts';
import { moments, type ForecastErrors } from '../../../core/forecast/forecast-errors.ts';
import { MEASURED_ERRORS } from '../../../core/forecast/measured-errors.ts';

const DAY: WeatherDay = {
  date: '2025-01-10',
  TMAX: 50,
  TMIN: 30,
  PRCP: 0.5,
  SNOW: 2,
  SNWD: 0,
  AWND: 10,
};

/** Has one wet day in four. */
const CLIMATE: WeatherDay[] = [0.3, 0, 0, 0].map((PRCP) => ({ ...DAY, PRCP }));

/** Holds the errors without a spread: only the biases remain, and rain is announced exactly on wet days. */
const CERTAIN: ForecastErrors = {
  temperature: Array.from({ length: 8 }, (_, lead) => ({
    bias: { TMAX: lead, TMIN: -lead },
    deviation: { TMAX: 0, TMIN: 0 },
    correlation: 0,
  })),
  rain: {
    ...MEASURED_ERRORS.rain,
    chance: { wet: 1, dry: 0 },
    amount: { center: Math.log(0.4), forecastCenter: Math.log(0.2), slope: 1, deviation: 0 },
  },
  wind: 0,
};

describe('a draw', () => {
  it('adds the bias of its lead day, halves rain that forecasts halve, and keeps snow in its proportion', () => {
    expect(forecastDraws(CLIMATE, CERTAIN, 1)(DAY, 3)).toEqual({
      date: '2025-01-10',
      TMAX: 53,
      TMIN: 27,
      PRCP: expect.closeTo(0.25, 12) as number,
      SNOW: expect.closeTo(1, 12) as number,
      AWND: 10,
      rainProbability: 1,
    });
  });

  it('of a dry day announces no rain, if forecasts of rain are always right', () => {
    const draw = forecastDraws(CLIMATE, CERTAIN, 1)({ ...DAY, PRCP: 0, SNOW: 0 }, 1);
    expect(draw).toMatchObject({ PRCP: 0, SNOW: 0, rainProbability: 0 });
  });

  it('says nothing of what was not observed', () => {
    const draw = forecastDraws(CLIMATE, CERTAIN, 1);
    expect(draw({ ...DAY, TMAX: null }, 1)).toBeUndefined();
    expect(draw({ ...DAY, PRCP: null, AWND: null }, 1)).toMatchObject({
      PRCP: null,
      SNOW: null,
      AWND: null,
      rainProbability: null,
    });
  });

  it('is the same for the same seed, day and lead day, and another otherwise', () => {
    const draw = forecastDraws(CLIMATE, MEASURED_ERRORS, 1);
    expect(draw(DAY, 2)).toEqual(draw(DAY, 2));
    const highs = [
      draw(DAY, 2),
      draw(DAY, 3),
      draw({ ...DAY, date: '2025-01-11' }, 2),
      forecastDraws(CLIMATE, MEASURED_ERRORS, 2)(DAY, 2),
    ];
    expect(new Set(highs.map((day) => day!.TMAX)).size).toBe(4);
  });
});

describe('many draws', () => {
  const dates = Array.from({ length: 4_000 }, (_, i) => addDays('2010-01-01', i));
  const draw = forecastDraws(CLIMATE, MEASURED_ERRORS, 7);

  it.each([1, 7])('have the measured errors of temperature at lead day %d', (lead) => {
    const days = dates.map((date) => draw({ ...DAY, date }, lead)!);
    const { bias, deviation } = MEASURED_ERRORS.temperature[lead]!;
    const high = moments(days.map(({ TMAX }) => TMAX! - 50));
    const low = moments(days.map(({ TMIN }) => TMIN! - 30));
    expect(Math.abs(high.mean - bias.TMAX)).toBeLessThan(0.1 * deviation.TMAX);
    expect(high.deviation / deviation.TMAX).toBeCloseTo(1, 1);
    expect(low.deviation / deviation.TMIN).toBeCloseTo(1, 1);
  });

  it('are right about rain as often as measured: 68 % of announced days are wet, and 12 % of the others', () => {
    const days = dates.map((date, i) => {
      const isWet = i % 4 === 0;
      return { isWet, told: draw({ ...DAY, date, PRCP: isWet ? 0.3 : 0, SNOW: 0 }, 1)! };
    });
    const wetShare = (isAnnounced: boolean) => {
      const some = days.filter(({ told }) => told.PRCP! > 0 === isAnnounced);
      return some.filter(({ isWet }) => isWet).length / some.length;
    };
    expect(Math.abs(wetShare(true) - 0.68)).toBeLessThan(0.04);
    expect(Math.abs(wetShare(false) - 0.12)).toBeLessThan(0.02);
  });
});
