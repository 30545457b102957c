import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { dateOfEpochDay, epochDay } from '../../../contracts/calendar.ts';
import { FORMER_NORMAL_HIGHS, FORMER_PLACE } from '../../../contracts/former-place.ts';
import type { ModelSpec } from '../../../contracts/model.ts';
import type { Place, SystemFacts } from '../../../contracts/systems.ts';
import { WEATHER_INPUTS, byColumn } from '../../../contracts/weather-columns.ts';
import { featureRow, featureSetOf, featuresOfModel } from '../../../core/features/feature-row.ts';
import { PROJECT_DIR } from '../../../settings.ts';
import { BOSTON, CHICAGO, HONOLULU } from '../../fixtures/places.ts';

const DIGESTS = path.join(PROJECT_DIR, 'tests', 'fixtures');
const IMPUTATION = { ...byColumn(WEATHER_INPUTS, () => 0), TMAX: 60, TMIN: 45, PRCP: 0.1, AWND: 10 };

function featuresAt(place: Place, date: string, hour: number): Record<string, number> {
  const set = featureSetOf('demand', place);
  const row = featureRow(set, { date, hour, weather: {} }, IMPUTATION);
  return Object.fromEntries(set.features.map((feature, i) => [feature, row[i]!]));
}

const digestOf = (column: Float64Array) => createHash('sha256').update(column).digest('hex').slice(0, 16);

// One digest per feature: an added feature adds a line, and a changed line is a changed formula.
test.each(['seed', 'demand'] as const)(
  'the features %s of New York are the same to the bit in every hour of 2013 to 2030',
  async (name) => {
    const set = featureSetOf(name, FORMER_PLACE);
    const [first, last] = [epochDay(2013, 1, 1), epochDay(2030, 12, 31)];
    const columns = set.features.map(() => new Float64Array((last - first + 1) * 24));
    for (let day = first, row = 0; day <= last; day++) {
      const date = dateOfEpochDay(day);
      for (let hour = 0; hour < 24; hour++, row++)
        featureRow(set, { date, hour, weather: {} }, IMPUTATION).forEach(
          (value, i) => (columns[i]![row] = value),
        );
    }
    const lines = set.features.map((feature, i) => `${feature} ${digestOf(columns[i]!)}\n`);
    await expect(lines.join('')).toMatchFileSnapshot(path.join(DIGESTS, `features-${name}.snap`));
  },
);

test('the place of models without one is that of systems/nyc.yaml', () => {
  const facts = parseYaml(readFileSync('systems/nyc.yaml', 'utf8')) as SystemFacts;
  expect(facts).toMatchObject(FORMER_PLACE);
  expect(facts.weather.normalHighs).toEqual(FORMER_NORMAL_HIGHS);
});

describe('places differ', () => {
  it('in holidays: Patriots’ Day is a day off in Boston, and a workday in Chicago', () => {
    const [boston, chicago] = [BOSTON, CHICAGO].map((place) => featuresAt(place, '2024-04-15', 8));
    expect(boston).toMatchObject({ holiday: 1, workday: 0, free_hour_8: 1, workday_hour_8: 0 });
    expect(chicago).toMatchObject({ holiday: 0, workday: 1, free_hour_8: 0, workday_hour_8: 1 });
  });

  it('in holidays: Columbus Day is a day off in New York, and the day after Thanksgiving in Chicago', () => {
    const california: Place = { ...CHICAGO, timeZone: 'America/Los_Angeles', holidays: 'california' };
    const holiday = (place: Place, date: string) => featuresAt(place, date, 8)['holiday'];
    expect([FORMER_PLACE, california].map((place) => holiday(place, '2024-10-14'))).toEqual([1, 0]);
    expect([FORMER_PLACE, CHICAGO].map((place) => holiday(place, '2024-11-29'))).toEqual([0, 1]);
    expect(featuresAt(FORMER_PLACE, '2024-11-29', 8)['bridge_day']).toBe(1);
  });

  it('in the sun: it rises earlier in Boston than in New York, and days of winter are longer in Honolulu', () => {
    const at = (place: Place, feature: string) => featuresAt(place, '2024-12-21', 7)[feature]!;
    expect(at(BOSTON, 'solar_elevation')).toBeGreaterThan(at(FORMER_PLACE, 'solar_elevation'));
    expect(at(HONOLULU, 'day_length')).toBeCloseTo(10.83, 1);
    expect(at(CHICAGO, 'day_length')).toBeLessThan(at(FORMER_PLACE, 'day_length'));
  });

  it('in a model: its own place decides, or New York if it has none', () => {
    const { features } = featureSetOf('demand', CHICAGO);
    const spec = { featureSet: 'demand', features } as unknown as ModelSpec;
    const holidayOf = (model: ModelSpec) =>
      featureRow(featuresOfModel(model), { date: '2024-11-29', hour: 8, weather: {} }, IMPUTATION)[
        features.indexOf('holiday')
      ];
    expect(holidayOf(spec)).toBe(0);
    expect(holidayOf({ ...spec, place: CHICAGO })).toBe(1);
  });
});
