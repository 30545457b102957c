/** Generates a reproducible year of hours that a model predicts well, for the like-with-like comparison. */
import { dateOfEpochDay, epochDayOf } from '../../../contracts/calendar.ts';
import type { HourResidual } from '../../../core/drift/residuals/hour-residual.ts';

/** Draws numbers in (0, 1) by Lehmer's generator with Park and Miller's multiplier. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/** Draws normal numbers by the method of Box and Muller. */
function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Rounds as published: observed in tenths of m/s, given in mph with two decimals. */
const inMph = (metres: number): number => Math.round((100 * metres) / 0.44704) / 100;

/**
 * Generates hours. Weeks differ from their prediction by 4 %, days by 4 %, hours by 10 %. January is the coldest month,
 * every third day has some rain, and temperatures are whole °F, as published.
 * @param from a Monday.
 */
export function madeUpHours(from: string, weeks: number, seed = 20240101): HourResidual[] {
  const normal = normals(seed);
  const first = epochDayOf(from);
  const hours: HourResidual[] = [];
  for (let week = 0; week < weeks; week++) {
    const ofWeek = 0.04 * normal();
    for (let day = first + 7 * week; day < first + 7 * week + 7; day++) {
      const ofDay = 0.04 * normal();
      const season = -Math.cos((2 * Math.PI * (day - epochDayOf('2024-01-15'))) / 365.25);
      const TMAX = Math.round(62 + 22 * season + 7 * normal());
      const weather = {
        TMAX,
        TMIN: TMAX - 14 - Math.round(Math.abs(4 * normal())),
        SNOW: 0,
        PRCP: day % 3 === 0 ? Math.round(20 * Math.exp(normal())) / 100 : 0,
        SNWD: 0,
        AWND: inMph(Math.round(10 * (4 + 0.9 * normal())) / 10),
      };
      for (let hour = 0; hour < 24; hour++) {
        const prediction = 3000 * (1.2 - Math.cos((2 * Math.PI * (hour - 3)) / 24)) * (1 + 0.3 * season);
        const actual = Math.round(prediction * Math.exp(ofWeek + ofDay + 0.1 * normal()));
        const bounds = { lower: 0.75 * prediction, upper: 1.3 * prediction };
        hours.push({
          ...{ date: dateOfEpochDay(day), hour, actual, prediction, ...bounds, outOfFold: true },
          ...weather,
        });
      }
    }
  }
  return hours;
}
