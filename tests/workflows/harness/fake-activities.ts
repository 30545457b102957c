/**
 * Provides activities that do nothing and answer what a run without incident answers. The interfaces that
 * workflows see type them.
 */
import type { ArtifactRef } from '../../../contracts/artifact.ts';
import type { BacktestActivities } from '../../../contracts/activities/backtest.ts';
import type { DriftActivities, DriftCheck } from '../../../contracts/activities/drift.ts';
import type { FetchActivities, SourceListing } from '../../../contracts/activities/fetch.ts';
import type { ForecastActivities, IssueFacts } from '../../../contracts/activities/forecast.ts';
import type { NotifyActivities } from '../../../contracts/activities/notify.ts';
import type { PredictActivities } from '../../../contracts/activities/predict.ts';
import type { DatasetSummary, PreprocessActivities } from '../../../contracts/activities/preprocess.ts';
import type { Comparison, RegisterActivities } from '../../../contracts/activities/register.ts';
import type { RolloutActivities } from '../../../contracts/activities/rollout.ts';
import type { SearchActivities, SearchStep } from '../../../contracts/activities/search.ts';
import type { TrainActivities } from '../../../contracts/activities/train.ts';
import type { ScoreActivities } from '../../../contracts/activities/score.ts';
import type { SystemActivities } from '../../../contracts/activities/system.ts';
import { systems } from '../../fixtures/shipped-systems.ts';
import { noObjects } from '../../../contracts/retained-counts.ts';
import type { RetentionActivities, RetentionCutoffs } from '../../../contracts/activities/retention.ts';
import type { RetainedCounts } from '../../../contracts/workflows/retention.ts';
import type { HyperParameters } from '../../../contracts/hyper-parameters.ts';
import type { RegressionMetrics } from '../../../contracts/model.ts';
import type { Unbound } from '../../fixtures/run-activity.ts';
import type { CanaryJudgement } from '../../../contracts/traffic.ts';

export type Activities = Unbound<
  FetchActivities &
    PreprocessActivities &
    TrainActivities &
    SearchActivities &
    BacktestActivities &
    RegisterActivities &
    RolloutActivities &
    PredictActivities &
    ForecastActivities &
    DriftActivities &
    NotifyActivities &
    SystemActivities &
    RetentionActivities &
    ScoreActivities
>;

export type InputOf<Name extends keyof Activities> = Parameters<Activities[Name]>[0];

export function refOf(name: string): ArtifactRef {
  return { uri: `s3://artifacts/${name}`, sha256: 'ab'.repeat(32), bytes: 1, schemaVersion: 1 };
}

const METRICS: RegressionMetrics = { rows: 24, rmse: 10, mae: 8, r2: 0.9, bias: 0, mape: 5 };

export const DATASET: DatasetSummary = {
  dataset: refOf('dataset.json'),
  hours: 24,
  trips: 1_000,
  synthetic: false,
  cached: false,
};

export const COMPARISON: Comparison = {
  promote: true,
  reason: 'RMSE improves by 12 %',
  champion: '1',
  championRmse: 12,
  candidateRmse: 10,
  hours: 24,
};

export function judgement(decision: CanaryJudgement['decision'], reason = 'figures'): CanaryJudgement {
  const figures = { requests: 200, errors: 0, p95Ms: 1 };
  return {
    decision,
    reason,
    candidate: { version: '2', ...figures },
    served: { version: '1', ...figures },
    disagreement: 0.1,
    comparedRows: 200,
  };
}

export const DRIFT_CHECK: DriftCheck = {
  system: 'nyc',
  model: 'citibike-trips',
  version: '1',
  report: refOf('drift-report.json'),
  html: refOf('drift-report.html'),
  weeks: 4,
  driftedWeeks: 0,
  decision: 'keep',
  reasons: ['no finding'],
  withTrips: true,
  cached: false,
};

export const WEATHER_ISSUE = {
  provider: 'api.weather.gov',
  issuedAt: '2025-04-10T15:20:00.000Z',
  issueDay: '2025-04-10',
} as const;

export const ISSUE: IssueFacts = {
  version: '1',
  issuedAt: WEATHER_ISSUE.issuedAt,
  provider: WEATHER_ISSUE.provider,
  hours: 168,
  level: { factor: 1.1, deviation: 0.03, month: '2025-03' },
};

/** Lists one archive per month. */
export function listingOf(months: readonly string[]): SourceListing {
  const files = months.map((month) => ({
    url: `https://trips/${month}.zip`,
    name: `${month}.zip`,
    month,
    kind: 'archive' as const,
    bytes: 1,
    etag: null,
  }));
  const listed = months.map((month, i) => ({
    month,
    files: [i],
    neighbours: [i - 1, i + 1].filter((place) => place in files),
    complete: true,
  }));
  return { files, months: listed, missing: [], synthetic: false };
}

/** Is the result of a search; its number of epochs is not the default. */
export const FOUND_HYPER_PARAMETERS: HyperParameters = {
  hidden: 64,
  networks: 5,
  epochs: 7,
  batch: 64,
  learningRate: 0.001,
  weightDecay: 0.5,
  loss: 'quantile',
  growth: true,
  calibration: true,
};

export function searchStep(chunkSizes: number[], rmse = 10): SearchStep {
  const best = { trial: 3, rmse, hyperParameters: FOUND_HYPER_PARAMETERS };
  return { state: refOf('state.json'), backend: 'cpu', chunkSizes, best, defaultRmse: 12 };
}

export const PLANNED: RetainedCounts = {
  'cache-entry': { objects: 2, bytes: 100 },
  artifact: { objects: 3, bytes: 5_000 },
  report: { objects: 1, bytes: 700 },
  checkpoint: { objects: 0, bytes: 0 },
  'step-log': { objects: 4, bytes: 40 },
};

const CUTOFFS: RetentionCutoffs = {
  'cache-entry': '2025-01-01T00:00:00.000Z',
  artifact: '2025-01-01T00:00:00.000Z',
  report: '2024-04-01T00:00:00.000Z',
  checkpoint: '2025-01-01T00:00:00.000Z',
  'step-log': '2025-03-01T00:00:00.000Z',
};

export function fakeActivities(): Activities {
  return {
    listSource: async ({ months }) => listingOf(months),
    fetchFile: async ({ file }) => ({ ref: refOf(file.name), cached: false }),
    fetchWeather: async ({ years }) => ({
      weather: years.map((year) => ({ year, ref: refOf(`${year}.csv`) })),
      cached: false,
    }),
    readArchive: async ({ month }) => ({ ref: refOf(`${month}-parts.json`), cached: false }),
    preprocessMonth: async ({ system, rules, month, complete, synthetic }) => ({
      dataset: {
        system,
        rules,
        month,
        ref: refOf(`${month}.parquet`),
        flows: null,
        quality: null,
        trips: 1_000,
        hours: 24,
        provisional: !complete,
        synthetic,
      },
      digest: `digest-${month}`,
      cached: false,
    }),
    composeDataset: async () => ({ ...DATASET, weather: { filled: 0, filledDays: [], missing: 0 } }),
    resolveDataset: async () => DATASET,
    buildFrame: async ({ span }) => ({
      ref: refOf(`frame-${span.from}-${span.to}.parquet`),
      synthetic: false,
      filledDays: [],
      cached: false,
    }),
    trainModel: async () => ({
      model: refOf('model.json'),
      backend: 'cpu',
      epochs: 25,
      seconds: 1,
      cached: false,
    }),
    evaluateModel: async () => ({
      metrics: METRICS,
      naive: METRICS,
      report: refOf('evaluation.json'),
      cached: false,
    }),
    planSearch: async () => searchStep([2, 2]),
    runTrials: async () => ({ trained: 2, found: 0, seconds: 1, cached: false }),
    closeRung: async () => searchStep([]),
    recordTrials: async () => ({ runId: 'search-run', recorded: 1 }),
    scoreMonth: async ({ month }) => ({ ...month, hours: refOf(`${month.month}-hours.json`), cached: false }),
    poolMonths: async ({ system, lateMonths }) => ({
      system,
      lateMonths,
      metrics: METRICS,
      naive: METRICS,
      months: [],
      weather: 'as observed',
      report: refOf('backtest.json'),
      page: refOf('backtest.html'),
    }),
    registerCandidate: async ({ model = 'citibike-trips' }) => ({
      model,
      version: '2',
      runId: 'run-2',
      cached: false,
    }),
    endTrainingRuns: async () => undefined,
    compareWithChampion: async () => COMPARISON,
    declareHeir: async () => undefined,
    checkHeir: async () => ({ ...COMPARISON, reason: 'refit of version 2' }),
    resolveRollback: async ({ model = 'citibike-trips', version = '1' }) => ({
      model,
      version,
      champion: '2',
    }),
    checkRollback: async () => ({ ...COMPARISON, reason: 'rolled back' }),
    readAliases: async () => ({ champion: '1', previous: null }),
    pointChampion: async () => ({ previous: '1' }),
    restoreAliases: async () => undefined,
    archiveCandidate: async () => undefined,
    resolveVersion: async ({ model = 'citibike-trips', version = '2' }) => ({ model, version }),
    proveVersion: async () => ({ provenBy: ['127.0.0.1:3000'], desired: '1' }),
    setDesiredVersion: async () => ({ generation: 5 }),
    restoreDesired: async () => undefined,
    isServed: async () => ({ served: true }),
    awaitServed: async () => ({ processes: ['127.0.0.1:3000'] }),
    beginTrial: async () => ({ trialId: 9, served: '1' }),
    judgeTrial: async ({ last }) => judgement(last ? 'passed' : 'continue'),
    endTrial: async () => undefined,
    fetchForecast: async () => ({ ...WEATHER_ISSUE, answer: refOf('answer.json'), days: 8, cached: false }),
    planForecast: async ({ system, model = 'citibike-trips', fetched }) => ({
      model,
      version: '1',
      system,
      synthetic: false,
      rules: 'seed',
      published: { from: '2025-01', to: '2025-03' },
      weather: fetched,
      kept: null,
    }),
    issueForecast: async ({ plan: { weather }, startedAt }) => ({
      ...ISSUE,
      provider: weather?.provider ?? 'climatology',
      issuedAt: weather?.issuedAt ?? startedAt,
      written: true,
    }),
    forgetForecasts: async () => ({ deleted: 0 }),
    batchPredict: async () => ({
      model: 'citibike-trips',
      version: '1',
      rows: 1,
      output: 's3://artifacts/out.csv',
      synthetic: false,
    }),
    checkDrift: async () => DRIFT_CHECK,
    recordDrift: async () => ({ rows: 4 }),
    frameWithoutTrips: async () => ({ ref: refOf('frame-without-trips.parquet'), cached: false }),
    listForecastMonths: async () => ({ months: [] }),
    scoreForecasts: async () => ({ leadDays: 7 }),
    claimRetraining: async () => ({ granted: true, reason: null }),
    closeRetraining: async () => undefined,
    resolveSystem: ({ system }) => systems.get(system),
    webhookIsSet: async () => false,
    postWebhook: async () => undefined,
    planRetention: async () => ({ plan: refOf('plan.jsonl'), planned: PLANNED, cutoffs: CUTOFFS }),
    removePlanned: async ({ kinds }) => ({
      removed: { ...noObjects(), ...Object.fromEntries(kinds.map((kind) => [kind, PLANNED[kind]])) },
      spared: 1,
    }),
  };
}
