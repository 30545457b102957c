/**
 * Trains on some months and scores on later ones: `train-and-score.ts SPEC OUT`, both JSON files, of `ForecastSpec` and
 * `Forecast`. It runs as a separate process, so that the bench can measure its CPU time with the trainer's.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { ModelSpec, RegressionMetrics } from '../../../contracts/model.ts';
import type { MonthSpan } from '../../../contracts/months.ts';
import { score, yearlyGrowth } from '../../../core/evaluation/evaluation.ts';
import { regressionMetrics } from '../../../core/evaluation/regression-metrics.ts';
import { parseModelFiles, type ServingModel } from '../../../core/serving/serving-model.ts';
import { TRAINING_REPORT_FILE, type TrainingReport } from '../../../core/training/training-report.ts';
import { readSpan, type BenchData } from './bench-data.ts';
import { trainLocally, type LocalTraining } from './train-locally.ts';
import { weekBlockMetrics } from './week-blocks.ts';

export interface ForecastSpec extends LocalTraining {
  readonly data: BenchData;
  readonly test: MonthSpan;
}

export interface Forecast {
  readonly test: RegressionMetrics;
  /** The same model without growth, and with the uncalibrated interval of its heads. */
  readonly testWithoutGrowth: RegressionMetrics;
  readonly testWithoutCalibration: RegressionMetrics;
  readonly weekBlocks: RegressionMetrics;
  readonly weekBlocksWithoutCalibration: RegressionMetrics;
  readonly randomSplit: RegressionMetrics;
  /** Share per year. */
  readonly growth: { readonly yearly: number; readonly yearlyStandardError: number };
  readonly backend: string;
}

async function forecast(spec: ForecastSpec): Promise<Forecast> {
  const rows = await readSpan(spec.data, spec.test);
  const model = await trainLocally(await readSpan(spec.data, spec.span), spec);
  const { hyperParameters } = spec;
  const serving = parseModelFiles(model.files);
  const on = (served: ServingModel) => regressionMetrics(score(served, rows));
  const report = jsonOf<TrainingReport>(model.files[TRAINING_REPORT_FILE]!);
  return {
    test: on(serving),
    testWithoutGrowth: on(serving.withoutGrowth()),
    testWithoutCalibration: on(parseModelFiles(withoutCalibration(model.files))),
    weekBlocks: weekBlockMetrics(model, hyperParameters),
    weekBlocksWithoutCalibration: weekBlockMetrics(model, { ...hyperParameters, calibration: false }),
    randomSplit: report.randomSplit,
    growth: yearlyGrowth(serving.spec.growth),
    backend: model.backend,
  };
}

function withoutCalibration(files: Record<string, Uint8Array>): Record<string, Uint8Array> {
  const { calibration: _calibration, ...spec } = jsonOf<ModelSpec>(files['spec.json']!);
  return { ...files, 'spec.json': new TextEncoder().encode(JSON.stringify(spec)) };
}

function jsonOf<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

const [specFile, out] = process.argv.slice(2);
if (!specFile || !out) throw new Error('usage: forecast.ts SPEC OUT');
writeFileSync(
  out,
  JSON.stringify(await forecast(JSON.parse(readFileSync(specFile, 'utf8')) as ForecastSpec)),
);
