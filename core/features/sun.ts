/**
 * Computes the position of the sun over a place. Formulas: NOAA Global Monitoring Laboratory, "General Solar Position Calculations"
 * (gml.noaa.gov/grad/solcalc/solareqns.PDF). They are accurate to about a quarter of a degree and two minutes.
 */
import { dayOfYearOf } from '../../contracts/calendar.ts';
import type { Place } from '../../contracts/systems.ts';
import { zoneClock } from '../../contracts/zone-clock.ts';

/** Is the zenith angle of sunrise and sunset in degrees, including the sun's radius and the refraction at the horizon. */
const SUNRISE_ZENITH = 90.833;

const RADIANS = Math.PI / 180;

/** Returns the equation of time in minutes and the declination in radians. */
function orbit(dayOfYear: number, utcHour: number): { equationOfTime: number; declination: number } {
  const angle = ((2 * Math.PI) / 365) * (dayOfYear - 1 + (utcHour - 12) / 24);
  const [sin1, cos1] = [Math.sin(angle), Math.cos(angle)];
  const [sin2, cos2] = [Math.sin(2 * angle), Math.cos(2 * angle)];
  const [sin3, cos3] = [Math.sin(3 * angle), Math.cos(3 * angle)];
  return {
    equationOfTime:
      229.18 * (0.000075 + 0.001868 * cos1 - 0.032077 * sin1 - 0.014615 * cos2 - 0.040849 * sin2),
    declination:
      0.006918 -
      0.399912 * cos1 +
      0.070257 * sin1 -
      0.006758 * cos2 +
      0.000907 * sin2 -
      0.002697 * cos3 +
      0.00148 * sin3,
  };
}

/** Returns the elevation of the sun's centre in degrees, without refraction, at a local hour that may be fractional. */
export function solarElevation(place: Place, day: number, hour: number): number {
  const offset = zoneClock(place.timeZone).offsetAt(day, hour);
  const { equationOfTime, declination } = orbit(dayOfYearOf(day), hour - offset);
  const trueSolarMinutes = hour * 60 + equationOfTime + 4 * place.longitude - 60 * offset;
  const hourAngle = (trueSolarMinutes / 4 - 180) * RADIANS;
  const latitude = place.latitude * RADIANS;
  const sine =
    Math.sin(latitude) * Math.sin(declination) +
    Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
  return Math.asin(sine) / RADIANS;
}

/** Checks whether the sun is below the horizon at a local hour that may be fractional. */
export function isNight(place: Place, day: number, hour: number): boolean {
  return solarElevation(place, day, hour) < 90 - SUNRISE_ZENITH;
}

/** Returns the whole hour of UTC that is nearest to the mean noon of the sun: 17 for New York. */
function solarNoon({ longitude }: Place): number {
  return Math.round(12 - longitude / 15);
}

/** Returns the hours from sunrise to sunset. */
export function dayLength(place: Place, day: number): number {
  const { declination } = orbit(dayOfYearOf(day), solarNoon(place));
  const latitude = place.latitude * RADIANS;
  const cosine =
    Math.cos(SUNRISE_ZENITH * RADIANS) / (Math.cos(latitude) * Math.cos(declination)) -
    Math.tan(latitude) * Math.tan(declination);
  return (2 * Math.acos(cosine)) / RADIANS / 15;
}
