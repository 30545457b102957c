/** Tests warnings about weather outside the training data, and about weather that looks like °C or mm. */
import { describe, expect, test } from 'vitest';
import type { HourlyInput, ModelSpec } from '../../../contracts/model.ts';
import { NO_WARNINGS } from '../../../contracts/prediction-warnings.ts';
import { epochDayOf } from '../../../contracts/calendar.ts';
import { WEATHER_INPUTS } from '../../../contracts/weather-columns.ts';
import { FORMER_NORMAL_HIGHS, FORMER_PLACE } from '../../../contracts/former-place.ts';
import { featureSetOf } from '../../../core/features/feature-row.ts';
import { createHourWarnings } from '../../../core/serving/hour-warnings.ts';
import { prepareTraining } from '../../../core/training/training-set.ts';
import { suspectUnits } from '../../../core/ingest/suspect-units.ts';
import { madeUpFrame } from './tiny-network.ts';

const WEATHER: NonNullable<ModelSpec['trainedOn']['weather']> = {
  TMAX: [21, 97],
  TMIN: [10, 80],
  SNOW: [0, 3.5],
  PRCP: [0, 2.5],
  SNWD: [0, 4],
  AWND: [2, 21],
  PRCP_yesterday: [0, 2.5],
};
const SPEC = {
  growth: { rate: 0, standardError: 0, origin: '2024-01-01' },
  trainedOn: {
    system: 'nyc',
    from: '2024-01',
    to: '2024-12',
    hours: 8783,
    synthetic: false,
    weather: WEATHER,
  },
} as ModelSpec;

type Weather = HourlyInput['weather'];
function warned(
  weather: Weather,
  spec = SPEC,
  changes: Partial<HourlyInput> = {},
  set: ModelSpec['featureSet'] = 'demand',
) {
  const input = { date: '2025-07-15', hour: 8, weather, ...changes };
  return createHourWarnings(featureSetOf(set, FORMER_PLACE), spec)(input, epochDayOf(input.date));
}
const JULY = { TMAX: 85, TMIN: 70, SNOW: 0 };

describe('weather outside the training data', () => {
  test('is named with value and range, for each input separately', () => {
    expect(warned({ ...JULY, TMAX: 104, TMIN: 82, AWND: 25 })).toEqual([
      {
        code: 'weather_outside_training',
        field: 'TMAX',
        message: 'TMAX 104 °F is outside the range of the training data, 21 °F to 97 °F',
      },
      expect.objectContaining({ field: 'TMIN' }),
      expect.objectContaining({
        field: 'AWND',
        message: 'AWND 25 mph is outside the range of the training data, 2 mph to 21 mph',
      }),
    ]);
  });

  test('starts beyond the extremes', () => {
    expect(warned({ ...JULY, TMAX: 97, TMIN: 80 })).toBe(NO_WARNINGS);
    expect(warned({ ...JULY, TMAX: 97.1 })).toHaveLength(1);
  });

  test('is named in the units of the caller', () => {
    // The values are 40 °C, and 21 and 97 °F in °C.
    const [warning] = warned({ ...JULY, TMAX: 104 }, SPEC, { writtenInMetric: true });
    expect(warning!.message).toBe(
      'TMAX 40 °C is outside the range of the training data, -6.11 °C to 36.11 °C',
    );
  });

  test('is ignored if the value is missing, the features do not read it, or the version has no ranges', () => {
    expect(warned({ TMAX: null, TMIN: 70 })).toBe(NO_WARNINGS);
    expect(warned({ ...JULY, AWND: 25, PRCP: 3 }, SPEC, {}, 'seed')).toBe(NO_WARNINGS);
    const { weather: _, ...trainedOn } = SPEC.trainedOn;
    expect(warned({ ...JULY, TMAX: 104 }, { ...SPEC, trainedOn })).toBe(NO_WARNINGS);
  });

  test('is compared with the lowest and highest training hour, without nulls', () => {
    const frame = madeUpFrame(24 * 14).map((row, i) =>
      i < 24 ? { ...row, TMAX: null } : { ...row, TMAX: 30 + i / 10 },
    );
    const { weather } = prepareTraining(frame, 'seed', { growth: true, place: FORMER_PLACE });
    expect(weather.TMAX).toEqual([32.4, 30 + (24 * 14 - 1) / 10]);
    expect(Object.keys(weather).sort()).toEqual([...WEATHER_INPUTS].sort());
  });
});

describe('weather that looks like °C or mm', () => {
  test.each([
    ['a July day in °C', '2025-07-15', { TMAX: 29, TMIN: 22 }, 'TMAX'],
    ['a heat wave in °C', '2025-06-24', { TMAX: 37.5, TMIN: 27 }, 'TMAX'],
    ['an October day in °C', '2024-10-10', { TMAX: 17, TMIN: 9 }, 'TMAX'],
    ['a frosty day in °C', '2025-01-21', { TMAX: -3, TMIN: -9 }, 'TMAX'],
    ['one temperature in each unit', '2025-07-15', { TMAX: 85, TMIN: 21 }, 'TMIN'],
    ['rain in mm', '2025-04-02', { TMAX: 60, TMIN: 50, PRCP: 12.7 }, 'PRCP'],
    [
      'the day before in mm',
      '2025-04-02',
      { TMAX: 60, TMIN: 50, PRCP: 0, PRCP_yesterday: 7 },
      'PRCP_yesterday',
    ],
    ['snow in mm', '2025-01-20', { TMAX: 30, TMIN: 20, SNOW: 76 }, 'SNOW'],
    ['snow on the ground in mm', '2025-01-20', { TMAX: 30, TMIN: 20, SNOW: 0, SNWD: 100 }, 'SNWD'],
  ])('%s is suspect', (_, date, weather: Weather, field) => {
    const suspect = warned(weather, SPEC, { date }).find(({ code }) => code === 'units_suspect');
    expect(suspect).toMatchObject({ field, message: expect.stringContaining('?units=metric') as string });
  });

  test.each([
    ['2025-07-15', { TMAX: 85, TMIN: 70, SNOW: 0, PRCP: 0.2 }],
    // The values are the lowest highs on record at that time of the year, and the largest storms.
    ['2024-12-22', { TMAX: 22, TMIN: 12, SNOW: 0 }],
    ['2025-05-22', { TMAX: 50, TMIN: 46 }],
    ['2016-01-23', { TMAX: 27, TMIN: 24, SNOW: 27.3, PRCP: 2.3, SNWD: 22 }],
    ['2021-09-01', { TMAX: 78, TMIN: 59, PRCP: 5.9 }],
    // This value may be °C too, but it is an ordinary day in °F, so it cannot be suspected.
    ['2025-01-15', { TMAX: 12, TMIN: 5 }],
    ['2025-07-15', { TMAX: null, TMIN: null, SNOW: 0 }],
    ['2025-07-15', {}],
  ])('%s %j is not suspect', (date, weather: Weather) => {
    expect(suspectUnits({ date, hour: 8, weather }, FORMER_NORMAL_HIGHS)).toBeUndefined();
  });

  test('is not suspected of a caller who named the units', () => {
    const weather = { TMAX: 45, TMIN: 40, SNOW: 0 };
    const codes = (metric: boolean) =>
      warned(weather, SPEC, { writtenInMetric: metric }).map(({ code }) => code);
    expect([codes(false), codes(true)]).toEqual([['units_suspect'], []]);
  });
});
