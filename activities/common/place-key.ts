import { isDeepStrictEqual } from 'node:util';
import { FORMER_PLACE } from '../../contracts/former-place.ts';
import type { Place } from '../../contracts/systems.ts';

/** Returns the part of a cache key that tells places apart. It is empty for the place of keys that named none, which stay valid. */
export function placeKey({ timeZone, latitude, longitude, holidays }: Place): { place?: Place } {
  const place = { timeZone, latitude, longitude, holidays };
  return isDeepStrictEqual(place, FORMER_PLACE) ? {} : { place };
}
