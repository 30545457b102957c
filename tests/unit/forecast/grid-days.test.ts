import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ForecastDay } from '../../../contracts/weather-forecast.ts';
import { forecastDays } from '../../../core/forecast/forecast-days.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

const NEW_YORK = { timeZone: 'America/New_York' };

/** Returns a layer with `[interval, value]` entries. */
function layer(uom: string, ...values: readonly (readonly [string, number | null])[]) {
  return { uom: `wmoUnit:${uom}`, values: values.map(([validTime, value]) => ({ validTime, value })) };
}

/** Parses a grid answer that was fetched when it was issued. */
function daysOf(layers: Record<string, unknown>, updateTime: string, place = NEW_YORK) {
  return forecastDays(
    { text: JSON.stringify({ properties: { updateTime, ...layers } }), fetchedAt: updateTime },
    place,
  );
}

const dayOf = (days: readonly ForecastDay[], date: string) => days.find((day) => day.date === date);

describe('days of a grid forecast', () => {
  it('counts an interval that is repeated once, and rejects others that overlap', () => {
    const day = '2025-01-10T05:00:00+00:00/P1D';
    const rain = (...values: (readonly [string, number])[]) =>
      daysOf({ quantitativePrecipitation: layer('mm', ...values) }, '2025-01-10T06:00:00Z').days[0]!.PRCP;
    expect(rain([day, 25.4], [day, 25.4])).toBe(1);
    for (const other of [
      [day, 5.08],
      ['2025-01-11T04:00:00+00:00/PT6H', 25.4],
    ] as const)
      expect(() => rain([day, 25.4], other)).toThrow(/quantitativePrecipitation.validTime.* overlap/);
  });

  it.each(['2025-01-10T06:00:00', '0001-01-10T06:00:00Z', '+275760-01-10T06:00:00Z'])(
    'is rejected if it was updated at %s, a time without offset or far away',
    (updateTime) => {
      expect(() => daysOf({}, updateTime)).toThrow(/JSON without a forecast/);
      const rain = layer('mm', [`${updateTime}/PT6H`, 1]);
      expect(() => daysOf({ quantitativePrecipitation: rain }, '2025-01-10T06:00:00Z')).toThrow(/validTime/);
    },
  );

  it('begins a day without midnight at the change of the clock', () => {
    const change = '2025-09-07T04:00:00+00:00';
    const { days } = daysOf(
      {
        // 24 hours of September 6 in Santiago, then the 23 hours of September 7.
        quantitativePrecipitation: layer(
          'mm',
          ['2025-09-06T04:00:00+00:00/P1D', 25.4],
          [`${change}/PT23H`, 50.8],
        ),
      },
      '2025-09-06T12:00:00Z',
      { timeZone: 'America/Santiago' },
    );
    expect(days.map(({ date, PRCP }) => [date, PRCP])).toEqual([
      ['2025-09-06', 1],
      ['2025-09-07', 2],
    ]);
  });

  it('gives the maximum to the day of its daytime and the minimum to the morning after its night', () => {
    const { days, issueDay } = daysOf(
      {
        maxTemperature: layer('degC', ['2025-01-10T12:00:00+00:00/PT13H', 10]),
        minTemperature: layer('degC', ['2025-01-10T00:00:00+00:00/PT14H', -5]),
      },
      '2025-01-10T03:00:00+00:00',
    );
    // 03:00 UTC is 22:00 of the day before. 10 °C are 50 °F, −5 °C are 23 °F.
    expect(issueDay).toBe('2025-01-09');
    expect(days).toHaveLength(1);
    expect(days[0]).toMatchObject({
      date: '2025-01-10',
      TMAX: 50,
      TMIN: 23,
      PRCP: null,
      rainProbability: null,
    });
  });

  it('splits an amount at midnight in proportion to the hours', () => {
    const { days } = daysOf(
      {
        quantitativePrecipitation: layer(
          'mm',
          ['2025-01-10T05:00:00+00:00/PT18H', 0],
          // 18:00 to 02:00 local: six of eight hours are before midnight.
          ['2025-01-10T23:00:00+00:00/PT8H', 25.4],
          ['2025-01-11T07:00:00+00:00/P1DT6H', 0],
        ),
        // 12:00 to 24:00 local is the half of a day that a value needs.
        windSpeed: layer(
          'km_h-1',
          ['2025-01-10T17:00:00+00:00/PT6H', 16.09344],
          ['2025-01-10T23:00:00+00:00/PT6H', 32.18688],
        ),
      },
      '2025-01-10T06:00:00Z',
    );
    expect(dayOf(days, '2025-01-10')).toMatchObject({ PRCP: 0.75, AWND: 15 });
    expect(dayOf(days, '2025-01-11')).toMatchObject({ PRCP: 0.25, AWND: null });
    // A day with seven hours of its amount is left out.
    expect(dayOf(days, '2025-01-12')).toBeUndefined();
  });

  it('has days of 23 and 25 hours when the clock changes', () => {
    const spring = daysOf(
      {
        quantitativePrecipitation: layer(
          'mm',
          ['2025-03-09T05:00:00+00:00/PT19H', 0],
          // 20:00 to 02:00 of summer time: four of six hours belong to the day of the change.
          ['2025-03-10T00:00:00+00:00/PT6H', 7.62],
          ['2025-03-10T06:00:00+00:00/PT22H', 0],
        ),
      },
      '2025-03-09T04:00:00Z',
    ).days;
    expect(dayOf(spring, '2025-03-09')).toMatchObject({ PRCP: 0.2 });
    expect(dayOf(spring, '2025-03-10')).toMatchObject({ PRCP: 0.1 });
    const autumn = daysOf(
      { quantitativePrecipitation: layer('mm', ['2025-11-02T04:00:00+00:00/PT25H', 25.4]) },
      '2025-11-02T04:00:00Z',
    ).days;
    expect(autumn.map(({ date, PRCP }) => [date, PRCP])).toEqual([['2025-11-02', 1]]);
  });

  it('takes the highest probability of the intervals whose middle is in the day', () => {
    const { days } = daysOf(
      {
        maxTemperature: layer('degC', ['2025-01-10T12:00:00Z/PT13H', 0]),
        probabilityOfPrecipitation: layer(
          'percent',
          ['2025-01-10T05:00:00Z/PT12H', 20],
          ['2025-01-10T17:00:00Z/PT11H', 60],
          // 23:00 to 05:00 local: its middle is at 02:00 of the next day.
          ['2025-01-11T04:00:00Z/PT6H', 90],
        ),
      },
      '2025-01-10T05:00:00Z',
    );
    expect(dayOf(days, '2025-01-10')?.rainProbability).toBe(0.6);
  });

  it('has at most the days around its update, however long its intervals are', () => {
    const { days } = daysOf(
      { quantitativePrecipitation: layer('mm', ['1970-01-01T00:00:00Z/P99999999D', 1]) },
      '2025-01-10T05:00:00Z',
    );
    expect(days.length).toBeLessThanOrEqual(19);
  });

  it('names a layer whose unit or time it cannot read', () => {
    const parse = (layers: Record<string, unknown>) => () => daysOf(layers, '2025-01-10T05:00:00Z');
    expect(parse({ windSpeed: layer('knot', ['2025-01-10T05:00:00Z/PT1H', 5]) })).toThrow(
      expect.objectContaining({
        code: 'BAD_WEATHER',
        message: expect.stringContaining('windSpeed.uom') as string,
      }),
    );
    expect(parse({ windSpeed: layer('km_h-1', ['tomorrow', 5]) })).toThrow(
      expect.objectContaining({
        code: 'BAD_WEATHER',
        message: expect.stringContaining('windSpeed.validTime') as string,
      }),
    );
  });
});

const folder = realDataDir();
const file = path.join(folder ?? '', 'forecasts', 'api-weather-gov-gridpoints-TAE-58-65-2022-02-04.json');

describe.skipIf(!folder)(orSkip('a whole answer of api.weather.gov', !folder && NO_REAL_DATA), () => {
  const text = folder ? readFileSync(file, 'utf8') : '';
  const forecast = folder
    ? forecastDays({ text, fetchedAt: '2022-02-04T04:00:00Z' }, NEW_YORK)
    : { days: [], issuedAt: '', issueDay: '' };

  it('gives the days that a reader computes by hand', () => {
    expect(forecast).toMatchObject({ issuedAt: '2022-02-04T03:15:41.000Z', issueDay: '2022-02-03' });
    expect(forecast.days.map(({ date }) => date)).toEqual([
      '2022-02-04',
      '2022-02-05',
      '2022-02-06',
      '2022-02-07',
      '2022-02-08',
      '2022-02-09',
      '2022-02-10',
      '2022-02-11',
    ]);
    // 22.2 and 17.8 °C. Rain: 2.032 + 4.826 + 4.826 mm, and five of the six hours of 3.048 mm: 14.224 mm.
    expect(dayOf(forecast.days, '2022-02-04')).toMatchObject({
      TMAX: 72,
      TMIN: 64,
      PRCP: 0.56,
      SNOW: 0,
      rainProbability: 0.87,
    });
    // The sixth hour of 3.048 mm, and 2.286 mm: 2.794 mm.
    expect(dayOf(forecast.days, '2022-02-05')).toMatchObject({
      TMAX: 55,
      TMIN: 39,
      PRCP: 0.11,
      rainProbability: 0.29,
    });
    // 8 h · 3.704 + 2 h · 5.556 + 7 h · 7.408 + 2 h · 5.556 + 5 h · 3.704 km/h: a mean of 5.093 km/h.
    expect(dayOf(forecast.days, '2022-02-06')).toMatchObject({ TMAX: 58, TMIN: 38, PRCP: 0, AWND: 3.2 });
    // The layer of snow ends on 2022-02-07 at 19:00 local time, and that of rain on 2022-02-10 at 07:00.
    expect(dayOf(forecast.days, '2022-02-07')?.SNOW).toBe(0);
    expect(dayOf(forecast.days, '2022-02-08')?.SNOW).toBeNull();
    expect(dayOf(forecast.days, '2022-02-10')).toMatchObject({
      TMAX: 65,
      TMIN: 38,
      PRCP: null,
      rainProbability: 0.14,
    });
    expect(dayOf(forecast.days, '2022-02-11')).toMatchObject({
      TMAX: null,
      TMIN: 40,
      PRCP: null,
      AWND: null,
    });
  });

  it('leaves the column of a missing layer null', () => {
    const answer = JSON.parse(text) as { properties: Record<string, unknown> };
    delete answer.properties['maxTemperature'];
    const { days } = forecastDays(
      { text: JSON.stringify(answer), fetchedAt: '2022-02-04T04:00:00Z' },
      NEW_YORK,
    );
    expect(dayOf(days, '2022-02-04')).toMatchObject({ TMAX: null, TMIN: 64, PRCP: 0.56 });
  });
});
