import { HOUR_MS } from '../../contracts/calendar.ts';
import { FORECAST_HOURS } from '../../contracts/demand-forecast.ts';
import { wallHourAt, type WallHour } from './local-days.ts';

/**
 * Lists the wall-clock hours of the seven days from the hour after an instant. A repeated hour counts once, and one that the clock skips
 * is not in the list.
 * @param issuedAt ISO 8601 in UTC.
 */
export function hoursAhead(issuedAt: string, timeZone: string): WallHour[] {
  const first = Math.floor(Date.parse(issuedAt) / HOUR_MS) + 1;
  const hours = Array.from({ length: FORECAST_HOURS }, (_, i) => wallHourAt((first + i) * HOUR_MS, timeZone));
  return hours.filter(({ date, hour }, i) => {
    const before = hours[i - 1];
    return before?.date !== date || before.hour !== hour;
  });
}
