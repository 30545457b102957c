/** Builds parameters, metrics, data sets, tags and description of a run and its version. All functions are pure. */
import type { ArtifactRef } from '../../contracts/artifact.ts';
import type { ModelSpec, RegressionMetrics } from '../../contracts/model.ts';
import type { MonthSpan } from '../../contracts/months.ts';
import type { SearchResult } from '../../contracts/workflows/search.ts';
import type { Evaluation, ModelFolderFacts, TrainingConfig } from '../../contracts/activities/train.ts';
import { WEATHER_INPUTS, byColumn } from '../../contracts/weather-columns.ts';
import { yearlyGrowth } from '../../core/evaluation/evaluation.ts';
import type { TrainingReport } from '../../core/training/training-report.ts';
import type { Metric } from '../../adapters/mlflow/log-batches.ts';
import type { DatasetInput } from '../../adapters/mlflow/runs.ts';
import { trainingParams } from './training-params.ts';
import { featureSetNameOf } from '../../contracts/stored-names.ts';

export interface CandidateInput {
  readonly folder: ArtifactRef;
  readonly evaluation: Evaluation;
  readonly config: TrainingConfig;
  /** Absent for a refit, like the frame. A refit is evaluated on held-out weeks of its training. */
  readonly test?: MonthSpan;
  readonly trainFrame: ArtifactRef;
  readonly testFrame?: ArtifactRef;
  readonly backend: string;
  readonly search?: SearchResult;
  readonly startedBy?: string | undefined;
}

/** Limits a data set's digest, of which MLflow keeps at most 36 characters. */
const DATASET_DIGEST_LENGTH = 32;

const FRAME_COLUMNS = {
  date: 'datetime',
  hour: 'integer',
  trips: 'long',
  holiday: 'integer',
  ...byColumn(WEATHER_INPUTS, () => 'double' as const),
  weather_filled: 'boolean',
} as const;

/** Returns the parameters of a run. @param training undefined if the training wrote no report. */
export function paramsOf(
  input: CandidateInput,
  spec: ModelSpec,
  training?: TrainingReport,
): Record<string, string> {
  const { config, test, backend } = input;
  return {
    ...trainingParams(config, backend),
    ...Object.fromEntries(
      Object.entries(training?.versions ?? {}).map(([name, version]) => [`version_${name}`, version]),
    ),
    features: String(spec.features.length),
    heads: spec.heads.join(','),
    member_seeds: spec.seeds.join(','),
    train_hours: String(spec.trainedOn.hours),
    ...(test ? { test_from: test.from, test_to: test.to } : {}),
    growth_per_day: String(spec.growth.rate),
    growth_standard_error: String(spec.growth.standardError),
    growth_origin: spec.growth.origin,
  };
}

export function datasetsOf(input: CandidateInput): { train: DatasetInput; test?: DatasetInput } {
  const { system, span } = input.config;
  const dataset = (ref: ArtifactRef, months: MonthSpan, context: string): DatasetInput => ({
    name: `${system}-${months.from}-${months.to}`,
    digest: ref.sha256.slice(0, DATASET_DIGEST_LENGTH),
    uri: ref.uri,
    context,
    columns: FRAME_COLUMNS,
    rows: ref.rows,
  });
  return {
    train: dataset(input.trainFrame, span, 'training'),
    ...(input.testFrame && input.test ? { test: dataset(input.testFrame, input.test, 'testing') } : {}),
  };
}

/** Identifies the data set and model of final metrics, so that MLflow shows them with both. */
interface Tie {
  readonly modelId: string;
  readonly train: DatasetInput;
  readonly test?: DatasetInput;
  /** Epoch milliseconds, equal for all attempts, because MLflow appends a metric with another time. */
  readonly at: number;
}

/** Returns the metrics of the model and the naive forecast on the test span, and of the held-out training hours. */
export function finalMetrics(evaluation: Evaluation, tie: Tie): Metric[] {
  const named = (prefix: string, metrics: RegressionMetrics | undefined, dataset: DatasetInput): Metric[] =>
    Object.entries(metrics ?? {})
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]: [string, number]) => ({
        key: `${prefix}_${name}`,
        value,
        timestamp: tie.at,
        step: 0,
        model_id: tie.modelId,
        dataset_name: dataset.name,
        dataset_digest: dataset.digest,
      }));
  return [
    ...(tie.test
      ? [
          ...named('test', evaluation.metrics, tie.test),
          ...named('naive', evaluation.naive, tie.test),
          ...named('without_growth', evaluation.withoutGrowth, tie.test),
        ]
      : named('naive', evaluation.naive, tie.train)),
    ...named('week_blocks', evaluation.weekBlocks, tie.train),
    ...named('random_split', evaluation.randomSplit, tie.train),
  ];
}

/** Returns growth as a share per year, with its standard error. */
export function growthMetrics({ growth }: Pick<ModelSpec, 'growth'>, at: number): Metric[] {
  const { yearly, yearlyStandardError } = yearlyGrowth(growth);
  return Object.entries({ growth_yearly: yearly, growth_yearly_standard_error: yearlyStandardError }).map(
    ([key, value]) => ({ key, value, timestamp: at, step: 0 }),
  );
}

/**
 * Returns one metric per series and one step per epoch.
 * @param at time for epochs whose time is unknown, one millisecond apart for sorting.
 */
export function epochMetrics(
  series: Readonly<Record<string, readonly number[]>>,
  times: ModelFolderFacts['epochTimes'],
  at: number,
): Metric[] {
  return Object.entries(series).flatMap(([key, values]) =>
    values.map((value, i) => ({ key, value, timestamp: times[i] ?? at + i, step: i + 1 })),
  );
}

/** Returns the first paragraph of a version's description, in Markdown. */
export function summaryOf(input: CandidateInput): string {
  const { config, test, evaluation, backend } = input;
  const { metrics, naive } = evaluation;
  const interval =
    metrics.coverage === undefined || metrics.width === undefined
      ? ''
      : ` Its 90 % interval contained ${(metrics.coverage * 100).toFixed(1)} % of the hours at a mean width of ${metrics.width.toFixed(0)}.`;
  const tested = test
    ? `tested on ${test.from} to ${test.to}`
    : 'evaluated on held-out weeks, without test months';
  const label = config.synthetic ? '**Synthetic data.** ' : '';
  return (
    `${label}Trips per hour of system ${config.system}: trained on ${config.span.from} to ${config.span.to} ` +
    `(feature set ${featureSetNameOf(config.featureSet)}, seed ${config.seed}, backend ${backend}), ${tested}: ` +
    `RMSE ${figure(metrics.rmse)}, MAE ${figure(metrics.mae)}, R² ${figure(metrics.r2, 3)}, bias ${figure(metrics.bias)} ` +
    `over ${metrics.rows} hours; the naive forecast has RMSE ${figure(naive.rmse)}.${interval}`
  );
}

/** Formats a number. R² and MAPE may be NaN, which JSON stores as null. */
export function figure(value: number | null, digits = 1): string {
  return value !== null && Number.isFinite(value) ? value.toFixed(digits) : 'n/a';
}

/** Returns tags that link run, logged model and version to their inputs. */
export function lineageTags(input: CandidateInput, effectKeyTag: string, effectKey: string) {
  return {
    [effectKeyTag]: effectKey,
    'citibike.system': input.config.system,
    'citibike.feature_set': input.config.featureSet,
    'citibike.synthetic': String(input.config.synthetic),
    'citibike.model_folder': input.folder.uri,
    'citibike.evaluation_report': input.evaluation.report.uri,
    'citibike.train_frame': input.trainFrame.uri,
    ...(input.testFrame ? { 'citibike.test_frame': input.testFrame.uri } : {}),
    ...(input.search
      ? {
          'citibike.search_run': input.search.runId,
          'citibike.search_trial': String(input.search.best.trial),
        }
      : {}),
  };
}
