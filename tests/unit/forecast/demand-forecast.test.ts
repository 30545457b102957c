import { describe, expect, it } from 'vitest';
import { demandForecast } from '../../../core/forecast/demand-forecast.ts';
import { growthLevel } from '../../../core/forecast/level.ts';
import type { DayScenarios } from '../../../core/forecast/weather-scenarios.ts';
import { parseModelFiles } from '../../../core/serving/serving-model.ts';
import { randomModelFiles } from '../../fixtures/random-model.ts';

const model = parseModelFiles(randomModelFiles([0.05, 0.5, 0.95]));
const HOURS = [8, 17].map((hour) => ({ date: '2025-01-10', hour }));

const weather = (TMAX: number, PRCP = 0) => ({
  TMAX,
  TMIN: TMAX - 15,
  PRCP,
  SNOW: 0,
  SNWD: 0,
  AWND: 10,
  PRCP_yesterday: 0,
});

const dayOf = (...scenarios: DayScenarios['scenarios']): DayScenarios[] => [
  { date: '2025-01-10', source: 'forecast', scenarios },
];

describe('the forecast of demand', () => {
  it('of one scenario is the prediction of the model with its interval', () => {
    const forecast = demandForecast(model, HOURS, dayOf(weather(50)), growthLevel(model));
    const plain = model.predict(HOURS.map((hour) => ({ ...hour, weather: weather(50) })));
    for (const [i, { date, hour, prediction, intervals, weather: source }] of forecast.entries()) {
      expect({ date, hour, source }).toEqual({ ...HOURS[i], source: 'forecast' });
      expect(prediction).toBeCloseTo(plain[i]!.prediction, 6);
      const width = plain[i]!.upper! - plain[i]!.lower!;
      expect(Math.abs(intervals[0.9].lower - plain[i]!.lower!)).toBeLessThan(width / 1000);
      expect(Math.abs(intervals[0.9].upper - plain[i]!.upper!)).toBeLessThan(width / 1000);
      expect(intervals[0.5].upper - intervals[0.5].lower).toBeLessThan(
        intervals[0.8].upper - intervals[0.8].lower,
      );
    }
  });

  it('of several scenarios is their mean, and its interval is wider', () => {
    const parts = [weather(20, 1), weather(45), weather(70)];
    const [mixed] = demandForecast(model, HOURS.slice(0, 1), dayOf(...parts), growthLevel(model));
    const each = model.predict(parts.map((day) => ({ ...HOURS[0]!, weather: day })));
    const mean = each.reduce((sum, { prediction }) => sum + prediction, 0) / parts.length;
    expect(mixed!.prediction).toBeCloseTo(mean, 6);
    const narrowest = Math.min(...each.map(({ lower, upper }) => upper! - lower!));
    expect(mixed!.intervals[0.9].upper - mixed!.intervals[0.9].lower).toBeGreaterThan(narrowest);
  });

  it('is multiplied by the level, whose error widens the interval', () => {
    const at = (factor: number, variance: number) =>
      demandForecast(model, HOURS, dayOf(weather(50)), () => ({ factor, variance }))[1]!;
    const [plain, higher, unsure] = [at(1, 0), at(1.2, 0), at(1.2, 0.01)];
    expect(higher.prediction).toBeCloseTo(1.2 * plain.prediction, 6);
    expect(higher.intervals[0.9].upper / plain.intervals[0.9].upper).toBeCloseTo(1.2, 3);
    expect(unsure.prediction).toBe(higher.prediction);
    expect(unsure.intervals[0.9].upper).toBeGreaterThan(higher.intervals[0.9].upper);
  });
});
