import { describe, expect, it } from 'vitest';
import { monitoredPredictions } from '../../../core/drift/monitored-predictions.ts';
import { monitoredTable } from '../../../core/drift/monitored-table.ts';
import type { FrameRow } from '../../../contracts/frame.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { flatModelFiles } from '../../fixtures/flat-model.ts';

const row = (date: string, hour: number, weather_filled = false): FrameRow => ({
  date,
  hour,
  trips: 100,
  holiday: 0,
  ...{ TMAX: 50, TMIN: 40, SNOW: null, PRCP: 0, SNWD: 0, AWND: 5, PRCP_yesterday: 0 },
  weather_filled,
});

describe('the monitored table', () => {
  const table = monitoredTable([row('2025-01-06', 6), row('2025-01-06', 7, true)], [110, 120]);
  const values = (name: string) => [...(table.columns.get(name)!.values as Float64Array)];

  it('has the 12 basic features, the trips and their prediction', () => {
    expect([...table.columns.keys()]).toEqual([
      ...['holiday', 'TMAX', 'TMIN', 'SNOW', 'hr_sin', 'hr_cos', 'weekday_sin', 'weekday_cos'],
      ...['week_sin', 'week_cos', 'mnth_sin', 'mnth_cos', 'trips', 'prediction'],
    ]);
    expect(values('hr_sin')[0]).toBeCloseTo(1, 15);
    expect(values('prediction')).toEqual([110, 120]);
  });

  it('counts weather that was carried forward or not observed as missing', () => {
    expect(values('TMAX')).toEqual([50, NaN]);
    expect(values('SNOW')).toEqual([NaN, NaN]);
  });
});

describe('monitored predictions', () => {
  const model = parseModelFiles(flatModelFiles(1000));
  const leftOut = [{ date: '2024-12-31', hour: 3, prediction: 990, lower: 0, upper: 0 }];

  it('are out of fold on training hours that have such a prediction, and the counts name the rest', () => {
    const rows = [row('2024-12-31', 3), row('2024-12-31', 4), row('2025-01-01', 3)];
    expect(monitoredPredictions(model, rows, leftOut)).toMatchObject({
      predictions: [990, 1000, 1000],
      unseen: [true, false, true],
      sources: { outOfFold: 1, inSample: 1, outOfSample: 1 },
    });
  });
});
