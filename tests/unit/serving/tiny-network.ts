/** Builds random networks and a small synthetic frame for the tests of this folder and of train/. */
import type { FrameRow } from '../../../contracts/frame.ts';
import { dateOfEpochDay, epochDayOf, weekdayOf } from '../../../contracts/calendar.ts';
import { WEATHER_INPUTS, byColumn } from '../../../contracts/weather-columns.ts';
import type { DenseLayer, Network } from '../../../core/serving/layers-format.ts';
import { seededRandom } from '../../../core/random.ts';

export function randomNetwork(seed: number, members: number, sizes: readonly number[]): Network {
  const random = seededRandom(seed);
  const floats = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
  const layer = (i: number): DenseLayer => ({
    inputs: sizes[i]!,
    outputs: sizes[i + 1]!,
    activation: i + 2 < sizes.length ? 'relu' : 'linear',
    kernel: floats(sizes[i]! * sizes[i + 1]!),
    bias: floats(sizes[i + 1]!),
  });
  return { members: Array.from({ length: members }, () => sizes.slice(1).map((_, i) => layer(i))) };
}

/** Generates hours from 2024-01-01: more trips by day, on workdays and when it is warm, with a little noise. */
export function madeUpFrame(hours: number, seed = 1): FrameRow[] {
  const random = seededRandom(seed);
  const first = epochDayOf('2024-01-01');
  return Array.from({ length: hours }, (_, i) => {
    const [day, hour] = [first + Math.floor(i / 24), i % 24];
    const TMAX = 50 + 20 * Math.sin(day / 9);
    const workday = weekdayOf(day) < 5 ? 1 : 0.7;
    const trips = (3000 + 2500 * Math.sin(((hour - 8) / 24) * 2 * Math.PI)) * workday * (0.5 + TMAX / 100);
    return {
      date: dateOfEpochDay(day),
      hour,
      trips: Math.round(trips * (0.95 + 0.1 * random())),
      holiday: 0,
      ...byColumn(WEATHER_INPUTS, () => 0),
      TMAX,
      TMIN: TMAX - 12,
      PRCP: day % 5 === 0 ? 0.4 : 0,
      AWND: 8 + (day % 7),
      PRCP_yesterday: day % 5 === 1 ? 0.4 : 0,
      weather_filled: false,
    };
  });
}
