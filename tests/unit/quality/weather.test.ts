import { describe, expect, it } from 'vitest';
import type { WeatherDay } from '../../../contracts/frame.ts';
import { formatWeatherCsv, parseWeatherCsv } from '../../../core/quality/weather-csv.ts';
import { fillWeather } from '../../../core/quality/weather-fill.ts';

const NOAA =
  '"STATION","DATE","AWND","PRCP","SNOW","SNWD","TMAX","TMIN"\n' +
  '"USW00014732","2025-01-02","20.4","0.00","0.0","0.0","44","35"\n' +
  '"USW00014732","2025-01-01","","0.12","0.0","0.0","52","40"\n';

describe('weather CSV', () => {
  it('of NOAA is read with quotes, sorted, empty fields as missing', () => {
    expect(parseWeatherCsv(NOAA, 'noaa')).toEqual([
      { date: '2025-01-01', AWND: null, PRCP: 0.12, SNOW: 0, SNWD: 0, TAVG: null, TMAX: 52, TMIN: 40 },
      { date: '2025-01-02', AWND: 20.4, PRCP: 0, SNOW: 0, SNWD: 0, TAVG: null, TMAX: 44, TMIN: 35 },
    ]);
  });

  it('in normal form reads back as it was', () => {
    const records = parseWeatherCsv(NOAA, 'noaa');
    expect(parseWeatherCsv(formatWeatherCsv(records), 'ours')).toEqual(records);
  });

  it('names file, line and field of a bad value', () => {
    const text = 'DATE,TMAX,TMIN\n2025-01-01,52,40\n2025-01-02,9999,40\n';
    expect(() => parseWeatherCsv(text, 'w.csv')).toThrow(/w\.csv, line 3: TMAX is "9999"/);
  });

  it('without TMAX is refused', () => {
    expect(() => parseWeatherCsv('DATE,TMIN\n', 'w.csv')).toThrow(
      expect.objectContaining({ code: 'BAD_WEATHER', message: expect.stringContaining('TMAX') as string }),
    );
  });

  it('in °C is refused by its summer', () => {
    const days = Array.from({ length: 30 }, (_, i) => `2024-07-${String(i + 1).padStart(2, '0')},31,22`);
    expect(() => parseWeatherCsv(['DATE,TMAX,TMIN', ...days].join('\n'), 'w.csv')).toThrow(/°C/);
  });
});

const day = (date: string, TMAX: number | null, PRCP: number | null = 0): WeatherDay => ({
  date,
  TMAX,
  TMIN: TMAX,
  SNOW: TMAX === null ? null : 0,
  PRCP: TMAX === null ? null : PRCP,
  SNWD: null,
  AWND: null,
});

describe('weather of a span', () => {
  it('carries the day before forward and flags the day', () => {
    const filled = fillWeather(
      [day('2025-01-10', 30, 0.5), day('2025-01-12', 33)],
      '2025-01-10',
      '2025-01-12',
    );
    expect(filled.map(({ TMAX, weather_filled }) => [TMAX, weather_filled])).toEqual([
      [30, false],
      [30, true],
      [33, false],
    ]);
  });

  it('takes yesterday’s rain from the day before the span, and does not know it after a missing day', () => {
    const days = [day('2024-12-31', 50, 0.41), day('2025-01-01', 52, 0.1), day('2025-01-03', 40)];
    const filled = fillWeather(days, '2025-01-01', '2025-01-03');
    expect(filled.map(({ PRCP_yesterday }) => PRCP_yesterday)).toEqual([0.41, 0.1, null]);
  });

  it('treats a day with no observation at all as missing, but keeps single gaps', () => {
    const filled = fillWeather([day('2025-01-01', 52), day('2025-01-02', null)], '2025-01-01', '2025-01-02');
    expect(filled[1]).toMatchObject({ TMAX: 52, AWND: null, weather_filled: true });
  });

  it('carries over three days and refuses a fourth, naming them', () => {
    const days = [day('2025-01-01', 52)];
    expect(fillWeather(days, '2025-01-01', '2025-01-04')).toHaveLength(4);
    expect(() => fillWeather(days, '2025-01-01', '2025-01-05')).toThrow(
      expect.objectContaining({
        code: 'BAD_WEATHER',
        message: expect.stringContaining('2025-01-02, 2025-01-03, 2025-01-04, 2025-01-05') as string,
      }),
    );
  });

  it('is refused when nothing lies before its first day', () => {
    expect(() => fillWeather([day('2025-01-02', 52)], '2025-01-01', '2025-01-02')).toThrow(/2025-01-01/);
  });
});
