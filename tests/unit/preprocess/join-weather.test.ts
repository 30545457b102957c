import { describe, expect, it } from 'vitest';
import { joinWeather } from '../../../activities/preprocess/join-weather.ts';
import type { FrameWeather } from '../../../core/ingest/weather-fill.ts';

const weather = (date: string, TMAX: number | null, weather_filled = false): FrameWeather => ({
  date,
  TMAX,
  TMIN: 30,
  SNOW: 0,
  PRCP: 0.25,
  SNWD: null,
  AWND: null,
  PRCP_yesterday: null,
  weather_filled,
});

const hour = (date: string, hour: number, trips: number) => ({ date, hour, trips, holiday: 1 });

describe('hours joined with weather', () => {
  it('have the day’s weather in every hour, missing values as null', async () => {
    const rows = await joinWeather(
      [hour('2025-01-01', 22, 7), hour('2025-01-01', 23, 8), hour('2025-01-02', 0, 9)],
      [weather('2025-01-01', 52), weather('2025-01-02', null, true)],
    );
    expect(
      rows.map(({ date, hour: h, trips, TMAX, weather_filled }) => [date, h, trips, TMAX, weather_filled]),
    ).toEqual([
      ['2025-01-01', 22, 7, 52, false],
      ['2025-01-01', 23, 8, 52, false],
      ['2025-01-02', 0, 9, null, true],
    ]);
    expect(rows[0]).toMatchObject({ holiday: 1, PRCP: 0.25, SNWD: null, AWND: null, PRCP_yesterday: null });
  });

  it('never become more rows than hours', async () => {
    const twice = [weather('2025-01-01', 52), weather('2025-01-01', 53)];
    await expect(joinWeather([hour('2025-01-01', 0, 1)], twice)).rejects.toMatchObject({
      code: 'QUALITY_GATE',
    });
  });
});
