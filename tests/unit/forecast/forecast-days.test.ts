import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertLooksAhead, forecastDays } from '../../../core/forecast/forecast-days.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

const NEW_YORK = { timeZone: 'America/New_York' };
const FETCHED = '2025-01-10T12:34:56Z';

const parse = (answer: unknown, fetchedAt = FETCHED) =>
  forecastDays({ text: typeof answer === 'string' ? answer : JSON.stringify(answer), fetchedAt }, NEW_YORK);

const OPEN_METEO = {
  timezone: 'America/New_York',
  daily_units: { temperature_2m_max: '°C', snowfall_sum: 'cm' },
  daily: {
    time: ['2025-01-10', '2025-01-11'],
    temperature_2m_max: [10, 0],
    temperature_2m_min: [-5, null],
    precipitation_sum: [12.7, 0],
    snowfall_sum: [2.54, 0],
    wind_speed_10m_mean: [16.09344, 0],
    precipitation_probability_max: [80, 3],
  },
};

describe('days of Open-Meteo', () => {
  it('are local days in other units', () => {
    const { provider, issuedAt, issueDay, days } = parse(OPEN_METEO);
    expect({ provider, issuedAt, issueDay }).toEqual({
      provider: 'open-meteo',
      issuedAt: '2025-01-10T12:00:00.000Z',
      issueDay: '2025-01-10',
    });
    expect(days).toEqual([
      { date: '2025-01-10', TMAX: 50, TMIN: 23, PRCP: 0.5, SNOW: 1, AWND: 10, rainProbability: 0.8 },
      { date: '2025-01-11', TMAX: 32, TMIN: null, PRCP: 0, SNOW: 0, AWND: 0, rainProbability: 0.03 },
    ]);
  });

  it.each([
    ['another time zone', { ...OPEN_METEO, timezone: 'GMT' }, 'timezone'],
    [
      'other units',
      { ...OPEN_METEO, daily_units: { temperature_2m_max: '°F' } },
      'daily_units.temperature_2m_max',
    ],
    [
      'a text for a number',
      { ...OPEN_METEO, daily: { ...OPEN_METEO.daily, precipitation_sum: ['wet'] } },
      'precipitation_sum',
    ],
  ])('are rejected with %s', (_name, answer, field) => {
    expect(() => parse(answer)).toThrow(expect.objectContaining({ code: 'BAD_WEATHER', details: { field } }));
  });
});

describe('an answer without a usable forecast', () => {
  it.each([
    ['HTML', '<!doctype html><title>planted</title>', 'an HTML page'],
    ['nothing', '', 'an empty answer'],
    ['other text', 'planted', 'text that is not JSON'],
    ['an error', { error: true, reason: 'planted' }, 'JSON without a forecast'],
    ['no day', { properties: { updateTime: FETCHED, maxTemperature: { values: [] } } }, 'no day'],
    [
      'an old forecast',
      {
        properties: {
          updateTime: '2025-01-08T12:00:00Z',
          maxTemperature: {
            uom: 'wmoUnit:degC',
            values: [{ validTime: '2025-01-08T12:00:00Z/PT13H', value: 1 }],
          },
        },
      },
      '49 hours old',
    ],
  ])('is rejected and may pass: %s', (_name, answer, text) => {
    expect(() => parse(answer)).toThrow(
      expect.objectContaining({
        code: 'SOURCE_UNAVAILABLE',
        retryable: true,
        message: expect.stringContaining(text) as string,
      }),
    );
    expect(() => parse(answer)).not.toThrow('planted');
  });
});

const folder = realDataDir();

describe.skipIf(!folder)(orSkip('a trimmed answer of Open-Meteo', !folder && NO_REAL_DATA), () => {
  it('gives the days that a reader computes by hand', () => {
    const file = path.join(folder!, 'forecasts', 'open-meteo-new-york-trimmed.json');
    const { forecast } = JSON.parse(readFileSync(file, 'utf8')) as { forecast: unknown };
    // 18.4 °C are 65.1 °F, 12.6 are 54.7, 19.8 are 67.6 and 11.5 are 52.7; 0.4 mm are 0.02 inches. It has no mean wind.
    expect(parse(forecast, '2026-09-22T20:10:00Z').days).toEqual([
      { date: '2026-09-23', TMAX: 65.1, TMIN: 54.7, PRCP: 0, SNOW: null, AWND: null, rainProbability: 0 },
      {
        date: '2026-09-24',
        TMAX: 67.6,
        TMIN: 52.7,
        PRCP: 0.02,
        SNOW: null,
        AWND: null,
        rainProbability: 0.04,
      },
    ]);
  });
});

describe('an answer with values that no instrument sees', () => {
  const day = (values: object) => ({
    timezone: 'America/New_York',
    daily: { time: ['2025-01-11'], temperature_2m_max: [5], temperature_2m_min: [1], ...values },
    daily_units: null,
  });

  it.for([
    ['a temperature', day({ temperature_2m_max: [9999] }), 'TMAX of 2025-01-11'],
    ['rain below zero', day({ precipitation_sum: [-30] }), 'PRCP of 2025-01-11'],
    [
      'a probability',
      day({ precipitation_probability_max: [5000] }),
      'the probability of rain of 2025-01-11',
    ],
    ['a day twice', day({ time: ['2025-01-11', '2025-01-11'], temperature_2m_max: [5, 5] }), 'at most once'],
    ['more days than a forecast has', day({ time: new Array(20).fill('2025-01-11') }), 'at most 19 days'],
    ['a day of another year', day({ time: ['2020-01-11'] }), 'at most once'],
  ] as const)('is rejected: %s', ([, answer, text]) => {
    const parse = () =>
      forecastDays(
        { text: JSON.stringify(answer), fetchedAt: '2025-01-10T12:00:00Z' },
        { timeZone: 'America/New_York' },
      );
    expect(parse).toThrow(
      expect.objectContaining({ code: 'BAD_WEATHER', message: expect.stringContaining(text) as string }),
    );
  });

  it('is rejected: infinity, which JSON writes as 1e999', () => {
    const text = JSON.stringify(day({ precipitation_sum: [1] })).replace(
      '"precipitation_sum":[1]',
      '"precipitation_sum":[1e999]',
    );
    expect(() =>
      forecastDays({ text, fetchedAt: '2025-01-10T12:00:00Z' }, { timeZone: 'America/New_York' }),
    ).toThrow(/finite number/);
  });
});

it('a forecast must say something of a day to come', () => {
  const days = [{ date: '2025-01-10', TMAX: 40, TMIN: 30, PRCP: 0, SNOW: 0, AWND: 5, rainProbability: 0 }];
  const forecast = {
    provider: 'open-meteo',
    issuedAt: '2025-01-10T12:00:00Z',
    issueDay: '2025-01-10',
    days,
  } as const;
  expect(() => assertLooksAhead(forecast)).toThrow(/no day to come/);
  expect(() => assertLooksAhead({ ...forecast, issueDay: '2025-01-09' })).not.toThrow();
});
