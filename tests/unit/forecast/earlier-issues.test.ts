import { describe, expect, it } from 'vitest';
import type { ForecastDay, ForecastDays } from '../../../contracts/weather-forecast.ts';
import { withEarlierIssues } from '../../../core/forecast/earlier-issues.ts';

const NOTHING: Omit<ForecastDay, 'date'> = {
  TMAX: null,
  TMIN: null,
  PRCP: null,
  SNOW: null,
  AWND: null,
  rainProbability: null,
};

const issue = (
  issuedAt: string,
  ...days: readonly (Partial<ForecastDay> & { date: string })[]
): ForecastDays => ({
  provider: 'api.weather.gov',
  issuedAt,
  issueDay: issuedAt.slice(0, 10),
  days: days.map((day) => ({ ...NOTHING, ...day })),
});

const LATEST = issue(
  '2025-01-10T21:00:00.000Z',
  { date: '2025-01-10', TMIN: 30 },
  { date: '2025-01-11', TMAX: 40, TMIN: 25 },
);

describe('a forecast completed from earlier issues', () => {
  it('has what the latest earlier issue said of today and yesterday', () => {
    const { forecast, fromEarlier } = withEarlierIssues(LATEST, [
      issue(
        '2025-01-09T12:00:00.000Z',
        { date: '2025-01-09', PRCP: 0.3 },
        { date: '2025-01-10', TMAX: 50, PRCP: 0.1 },
      ),
      issue('2025-01-10T12:00:00.000Z', { date: '2025-01-10', TMAX: 45, TMIN: 28 }),
    ]);
    expect(forecast.days).toEqual([
      { ...NOTHING, date: '2025-01-09', PRCP: 0.3 },
      { ...NOTHING, date: '2025-01-10', TMAX: 45, TMIN: 30, PRCP: 0.1 },
      { ...NOTHING, date: '2025-01-11', TMAX: 40, TMIN: 25 },
    ]);
    expect(fromEarlier).toEqual([
      { date: '2025-01-09', columns: ['PRCP'] },
      { date: '2025-01-10', columns: ['TMAX', 'PRCP'] },
    ]);
  });

  it.each([
    ['TMAX', { TMIN: 30 }, { TMAX: 28, TMIN: 20 }, 30],
    ['TMIN', { TMAX: 28 }, { TMAX: 35, TMIN: 30 }, 28],
  ] as const)(
    'does not reverse the temperatures where %s is from an earlier issue',
    (from, now, before, both) => {
      const date = '2025-01-10';
      const { forecast, fromEarlier } = withEarlierIssues(
        issue('2025-01-10T21:00:00.000Z', { date, ...now }),
        [issue('2025-01-10T12:00:00.000Z', { date, ...before })],
      );
      expect(forecast.days).toEqual([{ ...NOTHING, date, TMAX: both, TMIN: both }]);
      expect(fromEarlier).toEqual([{ date, columns: [from] }]);
    },
  );

  it('ignores later issues, and stays as it is without earlier ones', () => {
    const later = issue('2025-01-11T00:00:00.000Z', { date: '2025-01-10', TMAX: 99 });
    expect(withEarlierIssues(LATEST, [later])).toEqual({ forecast: LATEST, fromEarlier: [] });
  });
});
