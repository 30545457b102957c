import { describe, expect, it } from 'vitest';
import type { WeatherDay } from '../../../contracts/frame.ts';
import type { ForecastDay, ForecastDays } from '../../../contracts/weather-forecast.ts';
import { moments, type ForecastErrors } from '../../../core/forecast/forecast-errors.ts';
import { weatherScenarios, type ScenarioInput } from '../../../core/forecast/weather-scenarios.ts';

const ERRORS: ForecastErrors = {
  temperature: Array.from({ length: 8 }, (_, lead) => ({
    bias: { TMAX: 1, TMIN: -1 },
    deviation: { TMAX: 2 + lead, TMIN: 2 },
    correlation: 0.5,
  })),
  rain: {
    chance: { wet: 0.7, dry: 0.1 },
    amount: { center: Math.log(0.2), forecastCenter: Math.log(0.25), slope: 0.8, deviation: 0.5 },
    announced: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    missed: [0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03, 0.03],
  },
  wind: 0.2,
};

const DAY: ForecastDay = {
  date: '2025-01-10',
  TMAX: 50,
  TMIN: 30,
  PRCP: 0.25,
  SNOW: 0,
  AWND: 10,
  rainProbability: 0.6,
};

const CLIMATE: WeatherDay[] = ['2024-01-08', '2024-01-20', '2024-07-10'].map((date, i) => ({
  date,
  TMAX: 40 + i,
  TMIN: 20 + i,
  PRCP: i / 10,
  SNOW: 0,
  SNWD: 0,
  AWND: 12,
}));

const forecastOf = (...days: readonly ForecastDay[]): ForecastDays => ({
  provider: 'api.weather.gov',
  issuedAt: '2025-01-09T12:00:00.000Z',
  issueDay: '2025-01-09',
  days,
});

function drawn(day: Partial<ForecastDay> = {}, input: Partial<ScenarioInput> = {}) {
  const all = weatherScenarios({
    forecast: forecastOf({ ...DAY, ...day }),
    days: ['2025-01-10'],
    before: { PRCP: 0.4, SNWD: 2 },
    climate: CLIMATE,
    errors: ERRORS,
    seed: 1,
    ...input,
  });
  return all[0]!;
}

const valuesOf = (
  { scenarios }: ReturnType<typeof drawn>,
  column: 'TMAX' | 'TMIN' | 'PRCP' | 'SNOW' | 'AWND',
) => scenarios.map((weather) => weather[column]!);

describe('weather scenarios of a day with a forecast', () => {
  it('have the error of the lead day around the forecast without its bias', () => {
    const day = drawn();
    expect(day).toMatchObject({ date: '2025-01-10', source: 'forecast' });
    const high = moments(valuesOf(day, 'TMAX'));
    // Lead day 1 errs by 3 °F, and the forecast is 1 °F too warm.
    expect(high.mean).toBeCloseTo(49, 1);
    expect(high.deviation).toBeCloseTo(3, 1);
    expect(moments(valuesOf(day, 'TMIN')).mean).toBeCloseTo(31, 0);
    const both = day.scenarios.map(({ TMAX, TMIN }) => (TMAX! - 49) * (TMIN! - 31));
    expect(both.reduce((sum, value) => sum + value, 0) / both.length / 6).toBeCloseTo(0.5, 0);
  });

  it('are wet as often as the forecast says, with amounts around its own', () => {
    const wet = valuesOf(drawn(), 'PRCP').filter((inches) => inches > 0);
    expect(wet).toHaveLength(60);
    const logs = moments(wet.map(Math.log));
    expect(Math.abs(logs.mean - Math.log(0.2))).toBeLessThan(0.15);
  });

  it('use how often forecasts err if there is no probability', () => {
    const wetDays = (day: Partial<ForecastDay>) =>
      valuesOf(drawn({ rainProbability: null, ...day }), 'PRCP').filter((inches) => inches > 0);
    expect(wetDays({ PRCP: 0.25 })).toHaveLength(70);
    expect(wetDays({ PRCP: 0 })).toHaveLength(10);
    expect(new Set(wetDays({ PRCP: 0 }))).toEqual(new Set([0.03]));
  });

  it('snow if rain falls on a cold day, or in the proportion of the forecast', () => {
    const ratios = (day: Partial<ForecastDay>) =>
      new Set(
        drawn(day)
          .scenarios.filter(({ PRCP }) => PRCP! > 0)
          .map(({ SNOW, PRCP }) => Math.round((10 * SNOW!) / PRCP!) / 10),
      );
    expect(ratios({ TMAX: 20, TMIN: 10, SNOW: null })).toEqual(new Set([10]));
    expect(ratios({ TMAX: 70, TMIN: 60, SNOW: null })).toEqual(new Set([0]));
    expect(ratios({ SNOW: 0.5 })).toEqual(new Set([2]));
  });

  it('take what the forecast lacks from days of the same season', () => {
    const day = drawn({ PRCP: null, rainProbability: null, AWND: null });
    expect(day.source).toBe('forecast');
    expect(new Set(valuesOf(day, 'AWND'))).toEqual(new Set([12]));
    expect(new Set(valuesOf(day, 'PRCP'))).toEqual(new Set([0, 0.1]));
  });

  it('are the same for the same seed, whatever the other days are', () => {
    const next = { ...DAY, date: '2025-01-11' };
    const both = weatherScenarios({
      forecast: forecastOf(DAY, next),
      days: ['2025-01-10', '2025-01-11'],
      before: { PRCP: 0.4, SNWD: 2 },
      climate: CLIMATE,
      errors: ERRORS,
      seed: 1,
    });
    expect(both[0]).toEqual(drawn());
    expect(drawn({}, { seed: 2 })).not.toEqual(drawn());
    // The rain of the day before belongs to the same course of the weather.
    expect(both[0]!.scenarios.every(({ PRCP_yesterday, SNWD }) => PRCP_yesterday === 0.4 && SNWD === 2)).toBe(
      true,
    );
    expect(both[1]!.scenarios.map((weather) => weather.PRCP_yesterday)).toEqual(valuesOf(both[0]!, 'PRCP'));
  });
});

describe('weather scenarios of a day without a forecast', () => {
  it.each([
    ['beyond the horizon', { days: ['2025-01-17'] }, {}],
    ['without any forecast', { forecast: null }, {}],
    ['without a temperature', {}, { TMIN: null }],
  ])('are observed days of the season: %s', (_name, input, day) => {
    const climate = drawn(day, input);
    expect(climate.source).toBe('climatology');
    expect(new Set(valuesOf(climate, 'TMAX'))).toEqual(new Set([40, 41]));
  });

  it('are null without observed days, so that the model uses its medians', () => {
    expect(new Set(valuesOf(drawn({}, { forecast: null, climate: [] }), 'TMAX'))).toEqual(new Set([null]));
  });
});
