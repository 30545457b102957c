/**
 * Compares the model with tuned XGBoost, trained on the same months and scored on the same later ones in one run. It shows the contribution
 * of each part of the model. `make bench-accuracy`; DATA=FOLDER for other files, BENCH_TRAIN_FROM, BENCH_TRAIN_TO, BENCH_TEST_FROM,
 * BENCH_TEST_TO (YYYY-MM) for other months.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inParallel } from '../../contracts/in-parallel.ts';
import { checkedSpan } from '../../contracts/checked-dates.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { regressionMetrics } from '../../core/evaluation/regression-metrics.ts';
import { meanByCalendar, sameHourLastWeek } from '../../core/evaluation/naive.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import type { RegressionMetrics } from '../../contracts/model.ts';
import { accuracyReport, type NamedMetrics } from './accuracy/accuracy-report.ts';
import { findBenchData, readSpan, type BenchData } from './accuracy/bench-data.ts';
import { forecastJobs, runForecast, type ForecastJob, type Measured } from './accuracy/forecast-jobs.ts';
import type { BenchContext, ReportBench } from './harness/bench.ts';
import { measure } from './harness/measure.ts';
import { installXgboost } from './harness/peer-environments.ts';

/** Sets the number of concurrent trainings; each uses one core. */
const WIDTH = 2;

const PEER = path.join(import.meta.dirname, 'peers', 'forecast_xgboost.py');

/** Holds the months of the absolute targets; on other months the bench judges only the ratio to the reference. */
const DEFAULT_TEST: MonthSpan = { from: '2025-01', to: '2025-03' };

function spanOf(name: string, fallback: MonthSpan): MonthSpan {
  const names = { from: `BENCH_${name}_FROM`, to: `BENCH_${name}_TO` };
  const span = {
    from: process.env[names.from] || fallback.from,
    to: process.env[names.to] || fallback.to,
  };
  return checkedSpan('month', span, names);
}

interface Reference {
  readonly metrics: RegressionMetrics;
  readonly cpuSeconds: number;
  readonly searchSeconds: number;
}

async function reference(
  context: BenchContext,
  data: BenchData,
  train: MonthSpan,
  test: MonthSpan,
  rows: readonly FrameRow[],
): Promise<Reference> {
  const folder = path.join(path.dirname(context.dir), 'python-xgboost');
  const python = await installXgboost(folder, context.log);
  const out = path.join(context.dir, 'xgboost.json');
  context.log('  XGBoost + Optuna, 50 trials of 3 folds');
  const { cpuSeconds } = await measure(context.python, [
    ...[python, PEER, out, '--hourly', ...data.hourly, '--weather', ...data.weather],
    ...['--train', train.from, train.to, '--test', test.from, test.to],
  ]);
  const { hours, searchSeconds } = JSON.parse(readFileSync(out, 'utf8')) as {
    hours: { date: string; hour: number; prediction: number }[];
    searchSeconds: number;
  };
  const predictions = new Map(hours.map((each) => [`${each.date} ${each.hour}`, each.prediction]));
  const scored = rows.map(({ date, hour, trips }) => {
    const prediction = predictions.get(`${date} ${hour}`);
    if (prediction === undefined) throw new Error(`XGBoost says nothing about ${date} ${hour}:00`);
    return { actual: trips, prediction };
  });
  return { metrics: regressionMetrics(scored), cpuSeconds, searchSeconds };
}

function naiveForecasts(train: readonly FrameRow[], test: readonly FrameRow[]): NamedMetrics[] {
  const means = meanByCalendar(train, test);
  const weekAgo = sameHourLastWeek(train, test);
  return [
    [
      'mean by hour, weekday and month',
      regressionMetrics(test.map(({ trips }, i) => ({ actual: trips, prediction: means[i]! }))),
    ],
    [
      'same hour last week',
      regressionMetrics(
        test.flatMap(({ trips }, i) => {
          const prediction = weekAgo[i];
          return prediction === undefined ? [] : [{ actual: trips, prediction }];
        }),
      ),
    ],
  ];
}

export const bench: ReportBench = {
  name: 'accuracy',
  title: 'Accuracy on later months',
  onDemand: 'a dozen trainings and a search of XGBoost: ten minutes of two cores',
  measure: async (context) => {
    const data = findBenchData();
    const train = spanOf('TRAIN', { from: '2024-01', to: '2024-12' });
    const test = spanOf('TEST', DEFAULT_TEST);
    if (test.from <= train.to)
      throw new Error(`BENCH_TEST_FROM: got ${test.from}, expected a month after ${train.to}`);
    const [trainRows, testRows] = [await readSpan(data, train), await readSpan(data, test)];
    const peer = await reference(context, data, train, test, testRows);
    const results = new Map<ForecastJob, Measured>();
    const jobs = forecastJobs();
    await inParallel(jobs.all, WIDTH, async (job) => {
      results.set(job, await runForecast(context, { job, data, train, test }));
    });
    const isDefault = test.from === DEFAULT_TEST.from && test.to === DEFAULT_TEST.to;
    return {
      ...(isDefault ? {} : { section: `accuracy-${test.from}-${test.to}` }),
      command: `make bench-accuracy DATA=FOLDER${isDefault ? '' : ` BENCH_TEST_FROM=${test.from} BENCH_TEST_TO=${test.to}`}`,
      ...accuracyReport({
        ...{ train, test, jobs, peer, isDefault },
        measured: (job) => results.get(job)!,
        naive: naiveForecasts(trainRows, testRows),
      }),
    };
  },
};
