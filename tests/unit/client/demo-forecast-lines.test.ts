import { expect, it } from 'vitest';
import { forecastLines } from '../../../client/demo-summary.ts';
import type { DemandForecast } from '../../../contracts/demand-forecast.ts';

const BOUNDS = { lower: 20, upper: 80 };
const FORECAST: DemandForecast = {
  system: 'nyc',
  model: 'citibike-trips',
  version: '1',
  issuedAt: '2025-04-10T15:20:00.000Z',
  issueDay: '2025-04-10',
  provider: 'open-meteo',
  timeZone: 'America/New_York',
  level: { factor: 1, deviation: 0.1, month: null },
  weather: [],
  hours: Array.from({ length: 168 }, (_, i) => ({
    date: `2025-04-${10 + Math.floor(i / 24)}`,
    hour: i % 24,
    prediction: 50,
    intervals: { 0.5: BOUNDS, 0.8: BOUNDS, 0.9: BOUNDS },
    weather: 'forecast',
  })),
};

it('the demo draws three days and names the source of their weather', () => {
  const lines = forecastLines({ provider: 'open-meteo', reason: null }, FORECAST);
  expect(lines[1]).toContain('the next 3 days (America/New_York), from the weather forecast of open-meteo');
  expect(lines.some((line) => line.includes('●'.repeat(72)))).toBe(true);
});

it('the demo says why climatology is used', () => {
  const [, title, reason] = forecastLines({ provider: 'climatology', reason: 'no contact' }, FORECAST);
  expect(title).toContain('from climatology');
  expect(reason).toContain('no contact');
});
