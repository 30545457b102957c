/** Recognises weather in °C or mm where °F and inches are expected. The bounds avoid false alarms rather than misses. */
import type { HourlyInput } from '../../contracts/model.ts';
import { digits } from '../../contracts/calendar.ts';
import { toImperial } from './unit-systems.ts';

/**
 * Sets the °F that a day's high may be below the month's normal. On 819 days of LaGuardia (2023 to March 2025) the largest difference was
 * 22. With the same days in °C, 781 exceed it.
 */
const FAR_BELOW_NORMAL = 30;
/** Limits the difference in °F between the normal and the high if read as °C. */
const NEAR_NORMAL = 30;
/** Limits the daily range in °F; 13 is usual. A larger range means one temperature in °F and one in °C. */
const MOST_DAILY_RANGE = 50;
/** Limits plausible inches. More occurs in most cities about once in decades, but the same numbers are ordinary in millimetres. */
export const MOST_INCHES = { PRCP: 6, PRCP_yesterday: 6, SNOW: 30, SNWD: 40 } as const;

export interface SuspectUnits {
  readonly field: keyof HourlyInput['weather'];
  readonly value: number;
  /** Reason for the suspicion. */
  readonly why: string;
}

/**
 * Returns the first input that looks like °C or mm, or undefined. It reads only given values, never imputed ones.
 * @param input hour of a valid date, with weather in °F and inches.
 * @param normalHighs mean daily maximum of January to December in °F.
 */
export function suspectUnits(
  { date, weather }: HourlyInput,
  normalHighs: readonly number[],
): SuspectUnits | undefined {
  const { TMAX, TMIN } = weather;
  if (typeof TMAX === 'number') {
    const normal = normalHighs[digits(date, 5, 7) - 1]!;
    if (normal - TMAX > FAR_BELOW_NORMAL && isNearAsCelsius(TMAX, normal)) {
      return { field: 'TMAX', value: TMAX, why: `far below the season's ${normal} °F, but plausible in °C` };
    }
    if (typeof TMIN === 'number' && TMAX - TMIN > MOST_DAILY_RANGE) {
      return { field: 'TMIN', value: TMIN, why: `more than ${MOST_DAILY_RANGE} °F below TMAX ${TMAX}` };
    }
  }
  // Separate expressions are faster than a loop over names, and every prediction runs this code.
  return (
    tooDeep('PRCP', weather.PRCP) ??
    tooDeep('PRCP_yesterday', weather.PRCP_yesterday) ??
    tooDeep('SNOW', weather.SNOW) ??
    tooDeep('SNWD', weather.SNWD)
  );
}

function tooDeep(
  field: keyof typeof MOST_INCHES,
  value: number | null | undefined,
): SuspectUnits | undefined {
  const most = MOST_INCHES[field];
  if (typeof value !== 'number' || value <= most) return undefined;
  return { field, value, why: `more than ${most} inches, but plausible in mm` };
}

function isNearAsCelsius(value: number, normal: number): boolean {
  return Math.abs(toImperial('TMAX', value, 'metric') - normal) <= NEAR_NORMAL;
}
