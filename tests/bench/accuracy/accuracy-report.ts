/** Renders the tables and judges the targets of the accuracy bench. */
import type { RegressionMetrics } from '../../../contracts/model.ts';
import type { MonthSpan } from '../../../contracts/months.ts';
import type { BenchReport, JudgedTarget } from '../harness/bench.ts';
import { markdownTable } from '../harness/report.ts';
import type { Forecast } from './train-and-score.ts';
import type { ForecastJob, Jobs, Measured } from './forecast-jobs.ts';

export type NamedMetrics = readonly [name: string, metrics: RegressionMetrics];

export interface AccuracyFigures {
  readonly train: MonthSpan;
  readonly test: MonthSpan;
  /** True if the test months are those of the absolute targets. */
  readonly isDefault: boolean;
  readonly jobs: Jobs;
  readonly measured: (job: ForecastJob) => Measured;
  readonly peer: {
    readonly metrics: RegressionMetrics;
    readonly cpuSeconds: number;
    readonly searchSeconds: number;
  };
  readonly naive: readonly NamedMetrics[];
}

export function accuracyReport(figures: AccuracyFigures): Pick<BenchReport, 'blocks' | 'judgedTargets'> {
  const { train, test, peer, jobs, measured } = figures;
  const ours = measured(jobs.defaults[0]!).forecast;
  return {
    blocks: [
      `New York, trained on ${train.from} to ${train.to}, scored on the ${ours.test.rows.toLocaleString('en')} hours of ${test.from} to ${test.to}, weather as observed; hours of these months entered no choice of a run. ` +
        `The reference is \`peers/forecast_xgboost.py\`: the 12 features of the set \`basic\`, 50 trials of Optuna on 3 shuffled folds (${peer.searchSeconds.toFixed(0)} s). CPU is that of the whole process, reading and scoring too.`,
      outOfTimeTable(figures),
      growthNote(ours),
      `On hours of the training months that a network did not see, RMSE with whole weeks hidden in turn is ${whole(ours.weekBlocks.rmse)}; a random fifth, the usual split, ${whole(ours.randomSplit.rmse)} (one network), which rewards memorising days.`,
      '### What each part is worth',
      'Choices may rest on the left half. It hides weeks of the training months in turn from networks that then predict them: averages of three, or one in the row of one network. The other weeks calibrate their interval. No choice rests on the right half. Each row is the default with one thing changed; feature set `basic` does not model growth either.',
      ablationTable(figures),
    ],
    judgedTargets: figures.isDefault ? judgedTargets(figures) : [ratioTo(figures, 0.83)],
  };
}

function outOfTimeTable({ jobs, measured, peer, naive }: AccuracyFigures): string {
  const row = (name: string, metrics: RegressionMetrics, cpu?: number) => [
    name,
    ...figuresOf(metrics),
    (metrics.rmse / peer.metrics.rmse).toFixed(2),
    cpu === undefined ? '' : cpu.toFixed(0),
  ];
  const ours = measured(jobs.defaults[0]!).forecast;
  return markdownTable(
    ['', 'RMSE', 'MAE', 'R²', 'bias', 'coverage', 'Winkler', 'RMSE / reference', 'CPU, s'],
    [
      row('XGBoost + Optuna (the reference)', peer.metrics, peer.cpuSeconds),
      ...jobs.defaults.map((job) => {
        const { forecast, cpuSeconds } = measured(job);
        return row(`ours, ${job.name}`, forecast.test, cpuSeconds);
      }),
      row('ours, growth switched off afterwards', ours.testWithoutGrowth),
      ...jobs.seedSet.map((job) => {
        const { forecast, cpuSeconds } = measured(job);
        return row(`ours, ${job.name}`, forecast.test, cpuSeconds);
      }),
      ...naive.map(([name, metrics]) => row(`naive: ${name}`, metrics)),
    ],
  );
}

function growthNote({ growth, test, testWithoutGrowth }: Forecast): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  return (
    `Growth, estimated from the training months alone: ${percent(growth.yearly)} % a year, standard error ${percent(growth.yearlyStandardError)} points. ` +
    `With the same networks and no growth, RMSE is ${whole(testWithoutGrowth.rmse)} instead of ${whole(test.rmse)}, the bias ${whole(testWithoutGrowth.bias)} instead of ${whole(test.bias)}.`
  );
}

function ablationTable({ jobs, measured }: AccuracyFigures): string {
  const part = ({ rmse, mae, coverage, winkler }: RegressionMetrics) => [
    whole(rmse),
    whole(mae),
    coverage === undefined ? '' : coverage.toFixed(3),
    winkler === undefined ? '' : whole(winkler),
  ];
  const row = (name: string, weeks: RegressionMetrics, later: RegressionMetrics) => [
    name,
    ...part(weeks),
    ...part(later),
  ];
  const rowOf = (name: string, job: ForecastJob) => {
    const { weekBlocks, test } = measured(job).forecast;
    return row(name, weekBlocks, test);
  };
  const first = measured(jobs.defaults[0]!).forecast;
  return markdownTable(
    [
      '',
      ...['RMSE', 'MAE', 'coverage', 'Winkler'].map((name) => `hidden weeks: ${name}`),
      ...['RMSE', 'MAE', 'coverage', 'Winkler'].map((name) => `later months: ${name}`),
    ],
    [
      rowOf('default', jobs.defaults[0]!),
      ...jobs.changed.map((job) => rowOf(job.name, job)),
      row('without calibration', first.weekBlocksWithoutCalibration, first.testWithoutCalibration),
      rowOf('feature set basic', jobs.seedSet[0]!),
    ],
  );
}

function judgedTargets(figures: AccuracyFigures): JudgedTarget[] {
  const { jobs, measured } = figures;
  const { test } = measured(jobs.defaults[0]!).forecast;
  const rmses = jobs.defaults.map((job) => measured(job).forecast.test.rmse);
  const seedSet = mean(jobs.seedSet.map((job) => measured(job).forecast.test.rmse));
  const spread = Math.max(...rmses.map((rmse) => Math.abs(rmse / mean(rmses) - 1)));
  return [
    judged('RMSE at most 760', test.rmse <= 760, test.rmse.toFixed(1)),
    ratioTo(figures, 0.67),
    judged('MAE at most 460', test.mae <= 460, test.mae.toFixed(1)),
    judged('R² at least .925', test.r2 >= 0.925, test.r2.toFixed(4)),
    judged(
      'coverage of the 90 % interval .87 to .93',
      test.coverage !== undefined && test.coverage >= 0.87 && test.coverage <= 0.93,
      test.coverage?.toFixed(3) ?? 'no interval',
    ),
    judged(
      'Winkler score at most 2750',
      test.winkler !== undefined && test.winkler <= 2750,
      test.winkler?.toFixed(0) ?? 'no interval',
    ),
    judged('three seeds within 3 % of their mean', spread <= 0.03, `${(100 * spread).toFixed(1)} %`),
    judged('feature set basic: RMSE at most 1100, mean of five seeds', seedSet <= 1100, seedSet.toFixed(1)),
  ];
}

function ratioTo({ jobs, measured, peer }: AccuracyFigures, limit: number): JudgedTarget {
  const ratio = measured(jobs.defaults[0]!).forecast.test.rmse / peer.metrics.rmse;
  return judged(`RMSE at most ${limit} × the reference`, ratio <= limit, `${ratio.toFixed(3)} ×`);
}

function judged(text: string, passes: boolean, measured: string): JudgedTarget {
  return { text, judgement: { passes, measured } };
}

function figuresOf({ rmse, mae, r2, bias, coverage, winkler }: RegressionMetrics): string[] {
  return [
    whole(rmse),
    whole(mae),
    r2.toFixed(3),
    whole(bias),
    coverage === undefined ? '' : coverage.toFixed(3),
    winkler === undefined ? '' : whole(winkler),
  ];
}

function whole(value: number): string {
  return value.toFixed(0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
