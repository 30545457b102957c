/** Recognises weather that a caller gave in °C or mm where °F and inches are expected. False alarms cost more than missed ones here. */
import type { HourlyInput } from '../../contracts/model.ts';
import { digits } from '../../contracts/calendar.ts';
import { NORMAL_HIGH_F, toImperial } from './unit-systems.ts';

/**
 * °F between the month's normal and the day's high. On 819 days of LaGuardia (2023 to March 2025) the largest was 22; of the same days in °C,
 * 781 are further below.
 */
const FAR_BELOW_NORMAL = 30;
/** °F between the normal and the high read as °C, on either side. */
const NEAR_NORMAL = 30;
/** °F; a day's range is 13 as a rule. A larger one comes of one temperature in °F and one in °C. */
const MOST_DAILY_RANGE = 50;
/** Inches; only a storm of decades brings more to New York. As millimetres the numbers are ordinary. */
const MOST_INCHES = { PRCP: 6, PRCP_yesterday: 6, SNOW: 30, SNWD: 40 } as const;

export interface SuspectUnits {
  readonly field: keyof HourlyInput['weather'];
  readonly value: number;
  /** What the value looks like. */
  readonly why: string;
}

/**
 * Returns the first input that looks like °C or mm; undefined if none does. Reads only what the caller gave, never imputed values.
 * @param input of a valid date, its weather in °F and inches.
 */
export function suspectUnits({ date, weather }: HourlyInput): SuspectUnits | undefined {
  const { TMAX, TMIN } = weather;
  if (typeof TMAX === 'number') {
    const normal = NORMAL_HIGH_F[digits(date, 5, 7) - 1]!;
    if (normal - TMAX > FAR_BELOW_NORMAL && isNearAsCelsius(TMAX, normal)) {
      return { field: 'TMAX', value: TMAX, why: `far below the season's ${normal} °F, and usual in °C` };
    }
    if (typeof TMIN === 'number' && TMAX - TMIN > MOST_DAILY_RANGE) {
      return { field: 'TMIN', value: TMIN, why: `more than ${MOST_DAILY_RANGE} °F below TMAX ${TMAX}` };
    }
  }
  // Named one by one, which is faster than a loop over names; every prediction passes here.
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
  return { field, value, why: `more than ${most} inches, and usual in mm` };
}

function isNearAsCelsius(value: number, normal: number): boolean {
  return Math.abs(toImperial('TMAX', value, 'metric') - normal) <= NEAR_NORMAL;
}
