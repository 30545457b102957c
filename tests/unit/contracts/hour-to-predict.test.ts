import { describe, expect, it } from 'vitest';
import { hourToPredict, temperatureProblem } from '../../../contracts/hour-to-predict.ts';

const weather = { TMAX: 61, TMIN: 48, SNOW: 0 };

function problemsOf(given: Parameters<typeof hourToPredict>[0]): readonly string[] {
  const hour = hourToPredict(given, { timeZone: 'America/New_York' });
  return Array.isArray(hour) ? hour.map(({ field, expected }) => `${field}: ${expected}`) : [];
}

describe('the time', () => {
  it.each([
    ['2025-05-06T07:15', undefined, 7],
    ['2025-05-06 07:15:59', null, 7],
    ['2025-05-06 07:15:59.123456', undefined, 7],
    ['2025-05-06', 0, 0],
    ['2025-05-06', 23, 23],
    ['2025-05-06 00:00:00', 17, 17],
    ['2025-05-06T17:00', 17, 17],
  ])('%s with hour %s is hour %s', (date, hour, expected) => {
    expect(hourToPredict({ date, hour, weather })).toEqual({ date: '2025-05-06', hour: expected, weather });
  });

  it.each([
    ['2025-05-06T07:00Z', undefined, /^date: .*YYYY-MM-DDTHH:MM\[:SS\] without a zone/],
    ['2025-05-06T07:00:00+02:00', undefined, /^date: .*without a zone/],
    ['05/06/2025 07:00', undefined, /^date: .*YYYY-MM-DDTHH:MM/],
    ['2025-05-06', undefined, /^date: .*YYYY-MM-DDTHH:MM/],
    ['', undefined, /^date: .*YYYY-MM-DDTHH:MM/],
    [undefined, undefined, /^date: .*YYYY-MM-DDTHH:MM/],
    ['2025-04-31T07:00', undefined, /^date: a day that is in the calendar/],
    ['2025-04-31', 7, /^date: a day that is in the calendar/],
    ['06.05.2025', 7, /^date: a day as YYYY-MM-DD/],
    ['2025-05-06', 8.5, /^hour: a whole hour from 0 to 23/],
    ['2025-05-06', 24, /^hour: a whole hour from 0 to 23/],
    ['2025-05-06', '8', /^hour: a whole hour from 0 to 23/],
    ['2025-05-06T09:00', 8, /^hour: the hour of the date, which is 09:00/],
    ['2026-03-08', 2, /^date: an hour that exists/],
  ])('%s with hour %s is rejected by field', (date, hour, problem) => {
    expect(problemsOf({ date, hour, weather })).toEqual([expect.stringMatching(problem)]);
  });
});

describe('the fields', () => {
  const date = '2025-05-06T07:00';

  it('are all named at once', () => {
    const given = { date: 'today', holiday: 2, weather: { TMAX: '61', SNOW: NaN, AWND: -1 } };
    expect(problemsOf(given).map((text) => text.split(':')[0])).toEqual([
      'date',
      'TMAX',
      'TMIN',
      'SNOW',
      'AWND',
      'holiday',
    ]);
  });

  it('may be missing if they are optional, or if files leave them to the medians', () => {
    expect(problemsOf({ date, weather: { ...weather, PRCP: null }, holiday: null })).toEqual([]);
    const given = { date, weather: { ...weather, SNOW: null } };
    expect(problemsOf(given)).toEqual([expect.stringMatching(/^SNOW/)]);
    expect(hourToPredict(given, { missing: 'impute' })).toMatchObject({ hour: 7, weather: { SNOW: null } });
  });

  it('are checked and named in metric units if the caller uses them', () => {
    const metric = (given: typeof weather & { PRCP?: number }) => {
      const hour = hourToPredict({ date, weather: given }, { metric: true });
      return Array.isArray(hour)
        ? hour.map(({ got, expected }) => `${String(got)}: ${expected}`)
        : hour.weather;
    };
    const given = { TMAX: 5.25, TMIN: -51.1, SNOW: 2540, PRCP: 1524 };
    expect(metric(given)).toEqual(given);
    expect(metric({ ...given, TMIN: 5.26 })).toEqual([
      '5.26: a temperature not above TMAX, which is 5.25 °C',
    ]);
    expect(metric({ ...given, TMAX: 61 })).toEqual(['61: a temperature from -51.1 to 60 °C']);
  });
});

it.each([
  [40, 40, undefined],
  [40, 40.1, 'a temperature not above TMAX, which is 40 °F'],
  [null, 40, undefined],
  [40, null, undefined],
])('TMAX %s and TMIN %s', (TMAX, TMIN, expected) => {
  expect(temperatureProblem({ TMAX, TMIN })?.expected).toBe(expected);
});
