/** Tests the bodies of forecasts: hours of the wall clock, staleness, and when an answer changes. */
import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../contracts/calendar.ts';
import { DEFAULT_FORECAST } from '../../../inference/default-forecast.ts';
import { ForecastAnswers } from '../../../inference/forecast-answers.ts';
import type { Forecast } from '../../../inference/schemas/forecast.ts';
import { forecastOf } from '../../fixtures/memory-forecasts.ts';

const ISSUED = '2025-01-14T11:08:23.000Z';
/** Is 07:40 in New York. */
const NOW = Date.parse('2025-01-14T12:40:00Z');

function answerOf(answers: ForecastAnswers, at: number | string, selection = {}): Forecast {
  const now = typeof at === 'string' ? Date.parse(at) : at;
  const answer = answers.answerAt(now, { ...DEFAULT_FORECAST, ...selection });
  return JSON.parse(answer!.bytes.toString()) as Forecast;
}

it('writes the hours from the present one on, with the days that they lie in', () => {
  const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
  const { hours, weather, ...facts } = answerOf(answers, NOW, { hours: 18 });
  expect(facts).toEqual({
    system: 'nyc',
    model: 'citibike-trips',
    version: '1',
    provider: 'api.weather.gov',
    issued_at: ISSUED,
    age_seconds: 5_497,
    stale: false,
    level: { factor: 1.08, deviation: 0.03, month: '2024-12' },
    interval: 0.9,
    time_zone: 'America/New_York',
  });
  expect(hours).toHaveLength(18);
  expect(hours[0]).toEqual({
    time: '2025-01-14T07:00:00-05:00',
    date: '2025-01-14',
    hour: 7,
    prediction: 1_407,
    lower: 1_398,
    upper: 1_425,
    weather: 'forecast',
    lead_day: 0,
  });
  expect(hours.at(-1)).toMatchObject({ date: '2025-01-15', hour: 0, lead_day: 1 });
  expect(weather).toEqual([
    {
      date: '2025-01-14',
      source: 'forecast',
      ...{ TMAX: 40, TMIN: 30, PRCP: 0.11, SNOW: 0.5, AWND: 7.4 },
      rain_probability: 0.6,
      from_earlier: ['TMAX'],
    },
    expect.objectContaining({ date: '2025-01-15', SNOW: null }),
  ]);
});

it('has no midnight on the day that begins at 1:00, and ends the hour before at the change', () => {
  const timeZone = 'America/Santiago';
  const answers = new ForecastAnswers(forecastOf({ issuedAt: '2025-09-07T01:30:00.000Z', timeZone }));
  const { hours } = answerOf(answers, '2025-09-07T03:59:59Z', { hours: 2 });
  expect(hours.map(({ time }) => time)).toEqual(['2025-09-06T23:00:00-04:00', '2025-09-07T01:00:00-03:00']);
  expect(answerOf(answers, '2025-09-07T04:00:00Z').hours[0]!.hour).toBe(1);
});

it.each([
  [0.5, 1_402, 1_417],
  [0.8, 1_399, 1_423],
  [0.9, 1_398, 1_425],
])('writes the bounds of the interval %s', (interval, lower, upper) => {
  const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
  expect(answerOf(answers, NOW, { interval }).hours[0]).toMatchObject({ lower, upper });
});

describe('the clock', () => {
  const times = (issuedAt: string, at: string, hours: number, timeZone?: string) =>
    answerOf(
      new ForecastAnswers(forecastOf({ issuedAt, ...(timeZone === undefined ? {} : { timeZone }) })),
      at,
      { hours },
    ).hours.map(({ time }) => time);

  it('skips an hour in spring, and the hour before it still lasts one hour', () => {
    const issuedAt = '2025-03-09T04:30:00.000Z';
    const expected = [
      '2025-03-09T00:00:00-05:00',
      '2025-03-09T01:00:00-05:00',
      '2025-03-09T03:00:00-04:00',
      '2025-03-09T04:00:00-04:00',
    ];
    expect(times(issuedAt, '2025-03-09T05:00:00Z', 4)).toEqual(expected);
    expect(times(issuedAt, '2025-03-09T06:59:59.999Z', 1)).toEqual([expected[1]]);
    expect(times(issuedAt, '2025-03-09T07:00:00Z', 1)).toEqual([expected[2]]);
  });

  it('leaves out a skipped hour that an issue has by mistake', () => {
    const forecast = forecastOf({ issuedAt: '2025-03-09T05:30:00.000Z', count: 3 });
    const [one, ...others] = forecast.hours;
    const answers = new ForecastAnswers({ ...forecast, hours: [one!, { ...one!, hour: 2 }, ...others] });
    expect(answerOf(answers, '2025-03-09T06:00:00Z').hours.map(({ hour }) => hour)).toEqual([1, 3, 4]);
  });

  it('counts the repeated hour of autumn once, from its first pass to the end of its second', () => {
    const issuedAt = '2025-11-02T03:30:00.000Z';
    const expected = ['2025-11-02T00:00:00-04:00', '2025-11-02T01:00:00-04:00', '2025-11-02T02:00:00-05:00'];
    expect(times(issuedAt, '2025-11-02T04:00:00Z', 3)).toEqual(expected);
    expect(times(issuedAt, '2025-11-02T06:59:59Z', 1)).toEqual([expected[1]]);
    expect(times(issuedAt, '2025-11-02T07:00:00Z', 1)).toEqual([expected[2]]);
  });

  it('ends a day after its last hour', () => {
    expect(times('2025-12-31T20:00:00.000Z', '2026-01-01T04:59:59Z', 2)).toEqual([
      '2025-12-31T23:00:00-05:00',
      '2026-01-01T00:00:00-05:00',
    ]);
  });

  it.each([
    ['Asia/Kathmandu', '2025-01-14T18:00:00+05:45'],
    ['UTC', '2025-01-14T12:00:00+00:00'],
    ['America/Los_Angeles', '2025-01-14T04:00:00-08:00'],
  ])('writes the offset of %s', (timeZone, expected) => {
    expect(times(ISSUED, '2025-01-14T12:20:00Z', 1, timeZone)).toEqual([expected]);
  });
});

describe('staleness', () => {
  const DAY = 24 * HOUR_MS;

  it('begins more than 24 hours after the issue, and changes the ETag', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
    const at = Date.parse(ISSUED) + DAY;
    const before = answers.answerAt(at, DEFAULT_FORECAST)!;
    expect(JSON.parse(before.bytes.toString())).toMatchObject({ stale: false, age_seconds: 86_400 });
    const after = answers.answerAt(at + 1_000, DEFAULT_FORECAST)!;
    expect(JSON.parse(after.bytes.toString())).toMatchObject({ stale: true, age_seconds: 86_401 });
    expect(after.etag).not.toBe(before.etag);
  });

  it('is there from the start without a weather forecast', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED, provider: 'climatology' }));
    expect(answerOf(answers, NOW)).toMatchObject({ stale: true, provider: 'climatology' });
  });

  it('gives an age of 0 where the clock of this machine is behind', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
    expect(answerOf(answers, Date.parse(ISSUED) - 5_000).age_seconds).toBe(0);
  });

  it('ends with no answer when all hours have passed', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED, count: 3 }));
    expect(answerOf(answers, answers.end - 1).hours).toHaveLength(1);
    expect(answers.answerAt(answers.end, DEFAULT_FORECAST)).toBeUndefined();
    expect(new Date(answers.end).toISOString()).toBe('2025-01-14T15:00:00.000Z');
  });
});

describe('an answer', () => {
  it('keeps its ETag while only its age changes, and gets another one when an hour ends', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
    const [one, later, next] = [NOW, NOW + 60_000, NOW + 20 * 60_000].map((at) =>
      answers.answerAt(at, DEFAULT_FORECAST)!,
    );
    expect(later!.etag).toBe(one!.etag);
    expect(one!.etag).toMatch(/^W\/"[\w-]{27}"$/);
    expect(next!.etag).not.toBe(one!.etag);
    expect(JSON.parse(next!.bytes.toString())).toMatchObject({ hours: { length: 72 } });
  });

  it('has the same ETag in every process, and another one for another selection or issue', () => {
    const etag = (forecast: Parameters<typeof forecastOf>[0], selection = {}) =>
      new ForecastAnswers(forecastOf(forecast)).answerAt(NOW, { ...DEFAULT_FORECAST, ...selection })!.etag;
    const issue = { issuedAt: ISSUED };
    expect(etag(issue)).toBe(etag(issue));
    const all = [
      etag(issue),
      etag(issue, { hours: 71 }),
      etag(issue, { interval: 0.5 }),
      etag({ ...issue, version: '2' }),
    ];
    expect(new Set(all).size).toBe(4);
  });

  it('is the same memory within a second', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
    const bytes = (at: number) => answers.answerAt(at, DEFAULT_FORECAST)!.bytes;
    expect(bytes(NOW + 999)).toBe(bytes(NOW));
  });

  it('may be reused for a minute, and not beyond its hour', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
    const maxAge = (at: string) => answers.answerAt(Date.parse(at), DEFAULT_FORECAST)!.maxAge;
    expect(maxAge('2025-01-14T12:40:00Z')).toBe(60);
    expect(maxAge('2025-01-14T12:59:57.500Z')).toBe(3);
  });

  it('is right after every selection was asked for', () => {
    const answers = new ForecastAnswers(forecastOf({ issuedAt: ISSUED }));
    for (const interval of [0.5, 0.8, 0.9] as const)
      for (let hours = 1; hours <= 168; hours++)
        expect(answerOf(answers, NOW, { hours, interval }).hours).toHaveLength(hours);
  });
});
