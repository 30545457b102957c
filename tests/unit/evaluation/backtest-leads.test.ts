import { expect, test } from 'vitest';
import type { HourlyInput } from '../../../contracts/model.ts';
import { backtestLeads, type BacktestWeather } from '../../../core/evaluation/backtest-leads.ts';
import { MEASURED_ERRORS } from '../../../core/forecast/measured-errors.ts';
import type { ServingModel } from '../../../core/serving/serving-model.ts';
import { madeUpFrame } from '../serving/tiny-network.ts';

const ROWS = madeUpFrame(24 * 70);
const TRAIN = ROWS.slice(0, 24 * 31);
const BEFORE = ROWS.slice(24 * 31, 24 * 60);
/** Is the first three days of March 2024. */
const TEST = ROWS.slice(24 * 60, 24 * 63);

/** Predicts ten trips per degree. */
const MODEL = {
  spreads: (hours: readonly HourlyInput[]) =>
    hours.map(({ weather }) => ({ middle: 10 * weather.TMAX!, below: 1, above: 1 })),
} as ServingModel;

function leadsOf(weather: Partial<BacktestWeather> = {}) {
  const input = { before: BEFORE, archived: [], seed: 1, ...weather };
  const steps = backtestLeads(MODEL, TRAIN, TEST, () => ({ factor: 1, variance: 0 }), input);
  let [days, step] = [0, steps.next()];
  for (; !step.done; step = steps.next()) days += 1;
  return { ...step.value, days };
}

test('draws a forecast of each day at seven lead days, and pauses after each', () => {
  const { leads, forecasts, days } = leadsOf();
  expect(leads.map(({ leadDay }) => leadDay)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(leads[0]!.prediction).toHaveLength(TEST.length);
  expect(forecasts).toEqual({ archived: 0, drawn: 21 });
  expect(days).toBe(21);
  expect(leadsOf()).toEqual(leadsOf());
  expect(leadsOf({ seed: 2 }).leads[0]!.prediction).not.toEqual(leads[0]!.prediction);
});

test('uses a kept forecast where there is one: 80 °F, less the bias of its lead day, give ten trips per degree', () => {
  const kept = { date: '2024-03-02', TMAX: 80, TMIN: 50, PRCP: 0, SNOW: 0, AWND: 5, rainProbability: 0 };
  const { leads, forecasts } = leadsOf({ archived: [{ ...kept, leadDay: 3 }] });
  expect(forecasts).toEqual({ archived: 1, drawn: 20 });
  const drawn = leadsOf().leads;
  const second = (lead: number) => leads[lead - 1]!.prediction.slice(24, 48);
  const bias = MEASURED_ERRORS.temperature[3]!.bias.TMAX;
  // A hundred scenarios miss the mean by less than half a degree.
  for (const prediction of second(3)) expect(Math.abs(prediction - 10 * (80 - bias))).toBeLessThan(5);
  expect(second(2)).toEqual(drawn[1]!.prediction.slice(24, 48));
});
