/**
 * Tells places apart in cache keys. A key of the place of contracts/former-place.ts names none, so that keys from before stay valid.
 */
import { isDeepStrictEqual } from 'node:util';
import { FORMER_PLACE } from '../../contracts/former-place.ts';
import type { Place } from '../../contracts/systems.ts';

/** Returns the part of a key of what depends on features. */
export function placeKey({ timeZone, latitude, longitude, holidays }: Place): { place?: Place } {
  const place = { timeZone, latitude, longitude, holidays };
  return isDeepStrictEqual(place, FORMER_PLACE) ? {} : { place };
}

/** Returns the part of a key of what depends on hours and holidays alone. */
export function calendarKey({ timeZone, holidays }: Pick<Place, 'timeZone' | 'holidays'>): {
  calendar?: Pick<Place, 'timeZone' | 'holidays'>;
} {
  const isFormer = timeZone === FORMER_PLACE.timeZone && holidays === FORMER_PLACE.holidays;
  return isFormer ? {} : { calendar: { timeZone, holidays } };
}
