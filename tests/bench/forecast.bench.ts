/**
 * Scores demand forecasts by lead day, from draws of weather forecasts, beside the plain forecast of the same version; and the level
 * of published months. `make bench BENCH=forecast`; DATA=FOLDER for other files, FORECAST_DRAWS=FILE for other draws.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Value } from 'typebox/value';
import type { FrameRow, WeatherDay } from '../../contracts/frame.ts';
import { HyperParameters } from '../../contracts/hyper-parameters.ts';
import type { RegressionMetrics } from '../../contracts/model.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import { meanByCalendar } from '../../core/evaluation/naive.ts';
import { regressionMetrics } from '../../core/evaluation/regression-metrics.ts';
import { LAST_LEAD } from '../../core/forecast/forecast-errors.ts';
import { parseModelFiles, type ServingModel } from '../../core/serving/serving-model.ts';
import { findBenchData, readSpan, type BenchData } from './accuracy/bench-data.ts';
import { trainLocally } from './accuracy/train-locally.ts';
import { readDraws } from './forecast/draws.ts';
import { forecastReport, type ForecastFigures } from './forecast/forecast-report.ts';
import { scoreLead, type LeadScores } from './forecast/score-draws.ts';
import { scoreLevel } from './forecast/score-level.ts';
import { SYNTHETIC_TRAIN, scoreSynthetic, syntheticRows } from './forecast/synthetic-system.ts';
import type { ReportBench } from './harness/bench.ts';

const TRAIN: MonthSpan = { from: '2024-01', to: '2024-12' };
const TEST: MonthSpan = { from: '2025-01', to: '2025-03' };
const SEED = 42;
const LEADS = Array.from({ length: LAST_LEAD }, (_, i) => i + 1);

/** @throws Error that names the file. */
function drawsFile({ weather }: BenchData): string {
  const folder = path.join(path.dirname(weather[0]!), '..', '..', 'checks');
  const file = process.env['FORECAST_DRAWS'] ?? path.join(folder, 'forecast-draws-2025-q1.csv.gz');
  if (existsSync(file)) return file;
  throw new Error(
    `this bench needs draws of weather forecasts, and ${file} does not exist: set FORECAST_DRAWS to a CSV with draw, lead_days, DATE, TMAX, TMIN, POP, QPF, SNOW and AWND`,
  );
}

function daysOf(rows: readonly FrameRow[]): WeatherDay[] {
  return [...new Map(rows.map((row) => [row.date, row])).values()];
}

function naive(trained: readonly FrameRow[], rows: readonly FrameRow[]): RegressionMetrics {
  const means = meanByCalendar(trained, rows);
  return regressionMetrics(rows.map(({ trips }, i) => ({ actual: trips, prediction: means[i]! })));
}

async function train(rows: readonly FrameRow[], span: MonthSpan): Promise<ServingModel> {
  const hyperParameters = Value.Create(HyperParameters);
  const { files } = await trainLocally(rows, { featureSet: 'demand', hyperParameters, seed: SEED, span });
  return parseModelFiles(files);
}

export const bench: ReportBench = {
  name: 'forecast',
  title: 'Forecasts by lead day',
  onDemand: 'two trainings, and 20 draws of seven lead days with 100 scenarios: ten minutes of a core',
  measure: async ({ log }) => {
    const data = findBenchData();
    const draws = readDraws(drawsFile(data));
    const [trained, rows] = [await readSpan(data, TRAIN), await readSpan(data, TEST)];
    log('  training the default model');
    const model = await train(trained, TRAIN);
    const context = { model, rows, climate: daysOf(trained) };
    const leads = new Map<number, readonly LeadScores[]>();
    for (const lead of LEADS) {
      leads.set(
        lead,
        draws.map((draw, number) => scoreLead(context, draw, number, lead)),
      );
      log(`  lead day ${lead}`);
    }
    log('  training on a synthetic system');
    const synthetic = syntheticRows();
    const firstYear = synthetic.filter(({ date }) => date.slice(0, 7) <= SYNTHETIC_TRAIN.to);
    const figures: ForecastFigures = {
      leads,
      naive: naive(trained, rows),
      level: {
        off: scoreLevel(model, rows, null),
        monthLate: scoreLevel(model, rows, 1),
        noneLate: scoreLevel(model, rows, 0),
      },
      synthetic: scoreSynthetic(await train(firstYear, SYNTHETIC_TRAIN), synthetic),
    };
    return { command: 'make bench BENCH=forecast DATA=FOLDER', ...forecastReport(figures) };
  },
};
