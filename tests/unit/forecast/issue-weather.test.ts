import { describe, expect, it } from 'vitest';
import type { WeatherDay } from '../../../contracts/frame.ts';
import type { ForecastDay, ForecastDays } from '../../../contracts/weather-forecast.ts';
import { issueWeather, weatherRows } from '../../../core/forecast/issue-weather.ts';
import type { DayScenarios } from '../../../core/forecast/weather-scenarios.ts';

const told = (date: string, values: Partial<ForecastDay> = {}): ForecastDay => ({
  date,
  TMAX: 60,
  TMIN: 50,
  PRCP: 0.1,
  SNOW: 0,
  AWND: 8,
  rainProbability: 0.7,
  ...values,
});

const issue = (issuedAt: string, ...days: ForecastDay[]): ForecastDays => ({
  provider: 'api.weather.gov',
  issuedAt,
  issueDay: issuedAt.slice(0, 10),
  days,
});

const seen = (date: string, values: Partial<WeatherDay>): WeatherDay => ({
  date,
  TMAX: 61,
  TMIN: 51,
  SNOW: 0,
  PRCP: 0,
  ...values,
});

const TODAY = '2025-03-10';
const YESTERDAY = '2025-03-09';
const NEWEST = issue(`${TODAY}T20:00:00.000Z`, told(TODAY, { TMAX: null, PRCP: null }), told('2025-03-11'));
const EARLIER = issue(
  `${YESTERDAY}T12:00:00.000Z`,
  told(YESTERDAY, { PRCP: 0.4 }),
  told(TODAY, { TMAX: 63 }),
);

describe('the weather of an issue', () => {
  it('has the observation of yesterday', () => {
    const { before, unpublished } = issueWeather(NEWEST, [EARLIER], [seen(YESTERDAY, { PRCP: 0.25 })], TODAY);
    expect(before.PRCP).toBe(0.25);
    expect(unpublished).toBeNull();
  });

  it('has the last forecast of yesterday until the observation is published, and says so', () => {
    const weather = issueWeather(NEWEST, [EARLIER], [seen('2025-03-08', { PRCP: 0.9 })], TODAY);
    expect(weather.before.PRCP).toBe(0.4);
    const [first, second] = weatherRows(weather, [day(TODAY)]);
    expect(first).toMatchObject({ date: YESTERDAY, source: 'forecast', PRCP: 0.4 });
    expect(first!.fromEarlier).toContain('PRCP');
    expect(second).toMatchObject({ date: TODAY, TMAX: 63, TMIN: 50, fromEarlier: ['TMAX', 'PRCP'] });
  });

  it('does not know the rain of a day that nothing says', () => {
    const { before, unpublished } = issueWeather(NEWEST, [], [], TODAY);
    expect(before).toEqual({ PRCP: null, SNWD: null });
    expect(unpublished).toBeNull();
  });

  it('keeps snow on the ground as it was last seen within a week', () => {
    const snow = (...days: [string, number | null][]) =>
      issueWeather(
        NEWEST,
        [],
        days.map(([date, SNWD]) => seen(date, { SNWD })),
        TODAY,
      ).before.SNWD;
    expect(snow(['2025-03-07', 4], ['2025-03-06', 6], ['2025-03-08', null])).toBe(4);
    expect(snow(['2025-03-02', 4])).toBeNull();
    expect(snow([TODAY, 2])).toBeNull();
  });
});

const day = (date: string, source: DayScenarios['source'] = 'forecast', ...rain: number[]): DayScenarios => ({
  date,
  source,
  scenarios: rain.map((PRCP, i) => ({
    TMAX: 40 + i,
    TMIN: 30,
    SNOW: 0,
    AWND: null,
    PRCP,
    SNWD: null,
    PRCP_yesterday: null,
  })),
});

it('describes climatology by the medians of its scenarios', () => {
  const weather = issueWeather(NEWEST, [], [], TODAY);
  expect(weatherRows(weather, [day('2025-03-18', 'climatology', 0, 0, 0.3, 0.5)])).toEqual([
    {
      date: '2025-03-18',
      source: 'climatology',
      TMAX: 41.5,
      TMIN: 30,
      PRCP: 0.15,
      SNOW: 0,
      AWND: null,
      rainProbability: 0.5,
      fromEarlier: [],
    },
  ]);
});
