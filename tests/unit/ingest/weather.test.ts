import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  readStoredWeather,
  readWeatherCsv,
  readWeatherFiles,
} from '../../../activities/common/read-weather.ts';
import type { WeatherDay } from '../../../contracts/frame.ts';
import { WEATHER_CSV_COLUMNS, byColumn } from '../../../contracts/weather-columns.ts';
import { formatWeatherCsv, type WeatherReading } from '../../../core/ingest/weather-records.ts';
import { fillWeather } from '../../../core/ingest/weather-fill.ts';
import { NO_REAL_DATA, realDataDir } from '../../real-data.ts';
import { orSkip } from '../../or-skip.ts';

/** Returns records of a CSV in memory. */
const recordsOf = async (text: string, name: string, reading?: WeatherReading) =>
  (await readWeatherCsv(text, name, reading)).records;

const UNOBSERVED = byColumn(WEATHER_CSV_COLUMNS, () => null);

const NOAA =
  '"STATION","DATE","AWND","PRCP","SNOW","SNWD","TMAX","TMIN"\n' +
  '"USW00014732","2025-01-02","20.4","0.00","0.0","0.0","44","35"\n' +
  '"USW00014732","2025-01-01","","0.12","0.0","0.0","52","40"\n';

describe('weather CSV', () => {
  it('of NOAA is read with quotes, sorted, empty fields as missing', async () => {
    expect(await recordsOf(NOAA, 'noaa')).toEqual([
      { ...UNOBSERVED, date: '2025-01-01', PRCP: 0.12, SNOW: 0, SNWD: 0, TMAX: 52, TMIN: 40 },
      { ...UNOBSERVED, date: '2025-01-02', AWND: 20.4, PRCP: 0, SNOW: 0, SNWD: 0, TMAX: 44, TMIN: 35 },
    ]);
  });

  it('in normal form reads back unchanged', async () => {
    const records = await recordsOf(NOAA, 'noaa');
    expect(await recordsOf(formatWeatherCsv(records), 'ours')).toEqual(records);
  });

  it('that was stored before a column was added is in imperial units', async () => {
    const days = 'DATE,AWND,TMAX,TMIN\n2025-01-02,9.1,32,20\n';
    const [record] = await readStoredWeather(Buffer.from(days), 'stored');
    expect(record).toEqual({ ...UNOBSERVED, date: '2025-01-02', AWND: 9.1, TMAX: 32, TMIN: 20 });
  });

  it('names file, line and field of a bad value', async () => {
    const text = 'DATE,TMAX,TMIN\n2025-01-01,52,40\n2025-01-02,9999,40\n';
    await expect(recordsOf(text, 'w.csv')).rejects.toThrow(/w\.csv, line 3: TMAX is "9999"/);
  });

  it('without TMAX is rejected', async () => {
    await expect(recordsOf('DATE,TMIN\n', 'w.csv')).rejects.toThrow(
      expect.objectContaining({ code: 'BAD_WEATHER', message: expect.stringContaining('TMAX') as string }),
    );
  });

  it.each(['2025-02-30,52,40', '01/02/2025,52,40', '2025-13-01,52,40'])(
    'rejects the date of %s',
    async (line) => {
      await expect(recordsOf(`DATE,TMAX,TMIN\n${line}\n`, 'w.csv')).rejects.toThrow(/line 2: DATE is/);
    },
  );

  it('reads dates with a midnight, as NOAA’s CDO API writes them', async () => {
    const [record] = await recordsOf('DATE,TMAX_F,TMIN_F\n2025-01-01T00:00:00,52,40\n', 'w.csv');
    expect(record?.date).toBe('2025-01-01');
  });
});

/** Returns a month of days with the same weather. */
const monthOf = (month: string, header: string, values: string) =>
  [
    header,
    ...Array.from({ length: 28 }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')},${values}`),
  ].join('\n');

describe('units of weather', () => {
  // Conversions: 11.1 °C is 51.98 °F, 4.4 °C is 39.92 °F, 3 mm is 0.118 in, 25 mm is 0.98 in, 9.1 m/s is 20.36 mph.
  const expected = { ...UNOBSERVED, TMAX: 52, TMIN: 39.9, PRCP: 0.12, SNOW: 1, AWND: 20.4 };

  it.each([
    ['TMAX_C,TMIN_C,PRCP_mm,SNOW_mm,AWND_ms', '11.1,4.4,3,25,9.1', 'metric'],
    ['TMAX (°C),TMIN (°C),PRCP (mm),SNOW (mm),AWND (m/s)', '11.1,4.4,3,25,9.1', 'metric'],
    ['TMAX_tenths,TMIN_tenths,PRCP_tenths,SNOW,AWND_tenths', '111,44,30,25,91', 'tenths'],
    ['TMAX [F],TMIN [F],PRCP [inches],SNOW [in],AWND [mph]', '52,39.9,0.12,1,20.4', 'imperial'],
  ])('follow the names of the columns: %s', async (columns, values, units) => {
    const read = await readWeatherCsv(`DATE,${columns}\n2025-01-02,${values}\n`, 'w.csv');
    expect(read).toEqual({ records: [{ date: '2025-01-02', ...expected }], units });
  });

  it('that differ between columns are rejected', async () => {
    await expect(recordsOf('DATE,TMAX_F,TMIN_C\n', 'w.csv')).rejects.toThrow(
      /columns mix imperial and metric units/,
    );
  });

  it.each([
    ['metric', '31.1,22.2,3.0'],
    ['tenths', '311,222,30'],
    ['imperial', '88,72,0.12'],
  ])('follow from the values of a summer month: %s', async (units, values) => {
    const read = await readWeatherCsv(monthOf('2024-07', 'DATE,TMAX,TMIN,PRCP', values), 'w.csv');
    expect(read.units).toBe(units);
    expect(read.records[0]).toMatchObject({ date: '2024-07-01', TMAX: 88, TMIN: 72, PRCP: 0.12 });
  });

  it('that the caller names are not guessed', async () => {
    const text = 'DATE,TMAX,TMIN\n2025-01-02,10,5\n';
    expect((await recordsOf(text, 'w.csv', { units: 'metric' }))[0]).toMatchObject({ TMAX: 50, TMIN: 41 });
  });

  it('that a few days do not determine are rejected, with what to do', async () => {
    await expect(recordsOf('DATE,TMAX,TMIN\n2025-01-02,32,20\n', 'w.csv')).rejects.toThrow(
      /w\.csv: the units are ambiguous or unknown: .*could be imperial or tenths.*WEATHER_UNITS/,
    );
  });

  it('of the normal form are imperial, for any number of days', async () => {
    const [record] = await recordsOf('DATE,TMAX_F,TMIN_F\n2025-01-02,32,20\n', 'w.csv');
    const text = formatWeatherCsv([record!]);
    expect(await readWeatherCsv(text, 'ours')).toEqual({ records: [record], units: 'imperial' });
  });

  it('that are impossible for New York are rejected', async () => {
    await expect(recordsOf(monthOf('2024-01', 'DATE,TMAX,TMIN', '95,80'), 'w.csv')).rejects.toThrow(
      /fit neither/,
    );
  });

  it.each([
    ['metric', '30.01', /TMIN is "?30\.01"?, expected a temperature not above TMAX, which is 30 °C$/],
    ['tenths', '301', /TMIN is "?301"?, expected a temperature not above TMAX, which is 300 tenths of °C$/],
    ['imperial', '86.1', /TMIN is "?86\.1"?, expected a temperature not above TMAX, which is 86 °F$/],
  ] as const)('%s appear in the message about TMIN above TMAX', async (units, TMIN, message) => {
    const TMAX = { metric: 30, tenths: 300, imperial: 86 }[units];
    const text = `DATE,TMAX,TMIN\n2025-07-01,${TMAX},${TMIN}\n`;
    await expect(recordsOf(text, 'w.csv', { units })).rejects.toThrow(message);
  });

  it('of rain that differ from those of the temperatures are detected', async () => {
    await expect(recordsOf(monthOf('2024-07', 'DATE,TMAX,TMIN,PRCP', '88,72,3.3'), 'w.csv')).rejects.toThrow(
      /PRCP is 3\.3 inches on average over 28 days/,
    );
  });

  const dir = realDataDir();
  const celsius = (value: number) => (value - 32) / 1.8;
  it.skipIf(!dir)(
    orSkip("of LaGuardia's real days are told in every window of 28 days", !dir && NO_REAL_DATA),
    async () => {
      const files = ['2023', '2024', '2025-q1'].map((name) =>
        path.join(dir!, 'weather', `weather-daily-${name}.csv`),
      );
      const records = await readWeatherFiles(files);
      const write = {
        imperial: (value: number) => value.toFixed(0),
        metric: (value: number) => celsius(value).toFixed(1),
        tenths: (value: number) => (celsius(value) * 10).toFixed(0),
      };
      for (const [units, format] of Object.entries(write)) {
        const lines = records.map(({ date, TMAX, TMIN }) => `${date},${format(TMAX!)},${format(TMIN!)}`);
        for (let from = 0; from + 28 <= lines.length; from += 7) {
          const text = ['DATE,TMAX,TMIN', ...lines.slice(from, from + 28)].join('\n');
          const read = await readWeatherCsv(text, `${units} from ${records[from]!.date}`);
          expect(read.units).toBe(units);
          expect(Math.abs(read.records[0]!.TMAX! - records[from]!.TMAX!)).toBeLessThan(0.1001);
        }
      }
    },
  );
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

  it('takes yesterday’s rain from the day before the span, and has none after a missing day', () => {
    const days = [day('2024-12-31', 50, 0.41), day('2025-01-01', 52, 0.1), day('2025-01-03', 40)];
    const filled = fillWeather(days, '2025-01-01', '2025-01-03');
    expect(filled.map(({ PRCP_yesterday }) => PRCP_yesterday)).toEqual([0.41, 0.1, null]);
  });

  it('treats a day with no observation at all as missing, but keeps single gaps', () => {
    const filled = fillWeather([day('2025-01-01', 52), day('2025-01-02', null)], '2025-01-01', '2025-01-02');
    expect(filled[1]).toMatchObject({ TMAX: 52, AWND: null, weather_filled: true });
  });

  it('carries weather over three days, and rejects a fourth by name', () => {
    const days = [day('2025-01-01', 52)];
    expect(fillWeather(days, '2025-01-01', '2025-01-04')).toHaveLength(4);
    expect(() => fillWeather(days, '2025-01-01', '2025-01-05')).toThrow(
      expect.objectContaining({
        code: 'BAD_WEATHER',
        message: expect.stringContaining('2025-01-02, 2025-01-03, 2025-01-04, 2025-01-05') as string,
      }),
    );
  });

  it('is rejected if no day before its first is known', () => {
    expect(() => fillWeather([day('2025-01-02', 52)], '2025-01-01', '2025-01-02')).toThrow(/2025-01-01/);
  });
});
