/** Tests what `citibike forecast` shows. */
import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../../adapters/prediction-client/prediction-client.ts';
import { chartLegend, forecastChart } from '../../../client/forecast-chart.ts';
import { forecastHour, hourText } from '../../../client/forecast-hour.ts';
import { scoresText } from '../../../client/forecast-scores-text.ts';
import { forecastHours, forecastText } from '../../../client/forecast-text.ts';

type Hour = Forecast['hours'][number];

function hoursOf(count: number, valueOf: (i: number) => number, first = 8): Hour[] {
  return Array.from({ length: count }, (_, i): Hour => {
    const time = new Date(Date.UTC(2025, 0, 14, first + i));
    const prediction = valueOf(i);
    return {
      time: `${time.toISOString().slice(0, 13)}:00:00-05:00`,
      date: time.toISOString().slice(0, 10),
      hour: time.getUTCHours(),
      ...{ prediction, lower: prediction * 0.5, upper: prediction * 1.5 },
      weather: 'forecast',
      lead_day: 0,
    };
  });
}

const FORECAST: Forecast = {
  system: 'nyc',
  model: 'citibike-trips',
  version: '3',
  provider: 'api.weather.gov',
  issued_at: '2025-01-14T11:08:23.000Z',
  age_seconds: 5_497,
  stale: false,
  level: { factor: 1.08, deviation: 0.03, month: '2024-12' },
  interval: 0.9,
  time_zone: 'America/New_York',
  weather: ['2025-01-14', '2025-01-15'].map((date, i) => ({
    date,
    source: i === 0 ? 'forecast' : 'climatology',
    ...{ TMAX: 41.4, TMIN: 30, PRCP: 0.11, SNOW: i === 0 ? 1.3 : null, AWND: 7.4 },
    rain_probability: 0.6,
    from_earlier: i === 0 ? ['TMAX'] : [],
  })),
  hours: hoursOf(24, () => 1_000),
};

describe('the chart', () => {
  const linesOf = (...given: Parameters<typeof forecastChart>) => forecastChart(...given).split('\n');

  it('draws the prediction within its band, from the axis to a round top', () => {
    const lines = linesOf({ hours: hoursOf(16, () => 1_000) });
    expect(lines[0]).toBe('1,500 ┤░░░░░░░░░░░░░░░░');
    expect(lines[4]).toBe('1,000 ┤●●●●●●●●●●●●●●●●');
    expect(lines[8]).toBe('  500 ┤░░░░░░░░░░░░░░░░');
    expect(lines[9]).toBe('      │');
    expect(lines[12]).toBe('    0 ┤            ····');
    expect(lines[13]).toBe(`      └${'─'.repeat(16)}`);
    expect(lines[14]).toBe('           12    18');
    expect(lines[15]).toBe('       Tue, Jan 14');
  });

  it('names each day at its first hour, shorter where there is little room', () => {
    expect(linesOf({ hours: hoursOf(32, () => 1_000, 20) })[15]).toBe(
      '       Tue Wed, Jan 15             Thu',
    );
    expect(linesOf({ hours: hoursOf(3, () => 1_000, 22) })[15]).toBe('       ');
  });

  it.each([
    [48, 80, '       00    06    12    18    00    06    12    18'],
    [168, 80, '       00  12  00  12  00  12  00  12  00  12  00  12  00  12'],
    [168, 40, '       00  00  00  00  00  00  00'],
  ])('names the hours below %s of them in %s columns', (count, width, expected) => {
    expect(linesOf({ hours: hoursOf(count, () => 1_000, 0) }, width)[14]).toBe(expected);
  });

  it.each([1, 24, 72, 100, 168])('is at most as wide as the terminal for %s hours', (count) => {
    for (const width of [40, 80, 200])
      for (const line of linesOf({ hours: hoursOf(count, (i) => 5_000 + i) }, width))
        expect(line.length).toBeLessThanOrEqual(width);
  });

  it('joins hours where they outnumber the columns: their mean, and the outermost bounds', () => {
    const hours = hoursOf(100, (i) => (i % 2 === 0 ? 1_000 : 2_000));
    const [top, ...others] = linesOf({ hours }, 80);
    expect(top).toBe(`3,000 ┤${'░'.repeat(50)}`);
    expect(others.filter((line) => line.includes('●'))).toHaveLength(1);
  });

  it('draws a system without trips, and no hours at all', () => {
    expect(linesOf({ hours: hoursOf(2, () => 0) })[12]).toBe('  0 ┤●●');
    expect(forecastChart({ hours: [] })).toBe('');
  });

  it('explains its signs', () => {
    expect(chartLegend(0.8)).toBe('● trips per hour   ░ 80 % interval   · night\n');
  });
});

describe('the text', () => {
  const text = forecastText(FORECAST);

  it('lists the days with trips and weather', () => {
    expect(text).toContain(
      '2025-01-14     16  16,000       41      30      60     0.11      1.3         7  forecast, earlier: TMAX',
    );
    expect(text).toMatch(/2025-01-15 +8 +8,000 .* 0\.11 +7 +climatology\n/);
  });

  it('says where it comes from', () => {
    for (const line of [
      'system  nyc, hours of America/New_York',
      'model   citibike-trips version 3',
      'issued  2025-01-14 11:08 UTC, 1 h 31 min ago',
      'source  weather forecast of api.weather.gov',
      'level   +8.0 % on every hour: growth since the training, from months up to 2024-12',
      '        climatology: weather observed in the same season of the training months',
    ])
      expect(text).toContain(`${line}\n`);
    expect(text).not.toContain('note');
  });

  it.each<[string, Partial<Forecast>, string]>([
    ['a stale one', { stale: true }, 'note    the forecast is older than a day'],
    [
      'one without a weather forecast',
      { provider: 'climatology', stale: true },
      'source  climatology, because no weather forecast was available',
    ],
    [
      'a level of growth alone',
      { level: { factor: 0.98, deviation: 0.1, month: null } },
      'level   -2.0 %, no month has been published since the training',
    ],
    ['one of minutes', { age_seconds: 61 }, 'UTC, 1 min ago'],
    ['one of days', { age_seconds: 200_000 }, 'UTC, 2 days ago'],
  ])('describes %s', (_what, change, expected) => {
    expect(forecastText({ ...FORECAST, ...change })).toContain(expected);
  });
});

describe('one hour', () => {
  it.each(['2025-01-14T08', '2025-01-14 08:00', '2025-01-14T08:00:00'])('is found as %s', (at) => {
    const hour = forecastHour(FORECAST, at);
    expect(hour).toMatchObject({ date: '2025-01-14', hour: 8 });
    const text = hourText(FORECAST, hour);
    expect(text).toMatch(/^hour +2025-01-14T08 \(America\/New_York\)$/m);
    expect(text).toMatch(/^90 % interval +500 to 1,500$/m);
    expect(text).toMatch(/^weather of the day +TMAX 41.4 °F, .* \(forecast\)$/m);
  });

  it.each(['2025-01-14T07', '2026-01-01T08', 'tomorrow', '2025-01-14T08:30'])('rejects %s', (at) => {
    expect(() => forecastHour(FORECAST, at)).toThrow(
      `--at: got "${at}", expected an hour from 2025-01-14T08 to 2025-01-15T07 (America/New_York)`,
    );
  });
});

it('lists the hours as a table', () => {
  const lines = forecastHours(FORECAST).split('\n');
  expect(lines[0]).toMatch(/^hour +trips +lower 90 % +upper 90 % +lead day +weather$/);
  expect(lines[2]).toMatch(/^2025-01-14 08:00 +1,000 +500 +1,500 +0 +forecast$/);
  expect(lines.filter((line) => line.startsWith('2025-'))).toHaveLength(24);
});

describe('the scores', () => {
  it('are listed by month and lead day', () => {
    const score = {
      month: '2025-01',
      leadDay: 1,
      hours: 744,
      rmse: 818.4,
      rmseObserved: 717,
      rmseNaive: null,
    };
    const scores = [{ ...score, bias: -12.3, coverage90: 0.891, width90: 2_000 }];
    expect(scoresText({ model: 'citibike-trips', scores })).toMatch(
      /^2025-01 +1 +744 +818 +717 +-12 +89.1 % +2000$/m,
    );
  });

  it('are explained while there are none', () => {
    for (const scores of [null, []])
      expect(scoresText({ model: 'citibike-trips', scores })).toContain(
        'no forecast of citibike-trips has been scored',
      );
  });
});
