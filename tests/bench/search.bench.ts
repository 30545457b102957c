/** Compares a search of 50 trials and 3 folds on the running stack with the same search by XGBoost and Optuna. */
import path from 'node:path';
import type { BenchContext, BenchReport, ReportBench } from './harness/bench.ts';
import { measure } from './harness/measure.ts';
import { installXgboost } from './harness/peer-environments.ts';
import { markdownTable } from './harness/report.ts';
import { withRunningStack } from './harness/running-stack.ts';
import { findBenchData } from './accuracy/bench-data.ts';

const TRAIN = { from: '2024-01', to: '2024-12' } as const;
const TEST = { from: '2025-01', to: '2025-03' } as const;
const [TRIALS, FOLDS] = [50, 3];

/** Is the highest acceptable ratio to Optuna's time. */
const LIMIT = 3;

const PEER = path.join(import.meta.dirname, 'peers', 'forecast_xgboost.py');
const CITIBIKE = path.join(import.meta.dirname, '..', '..', 'client', 'bin.mjs');

/** Finds no results of an earlier search. Its trainers belong to the worker, so only wall time covers its whole cost. */
function ourSearch(context: BenchContext) {
  const input = { system: 'nyc', train: TRAIN, trials: TRIALS, folds: FOLDS, cache: false };
  context.log('  citibike run search');
  return measure(context.python, [
    process.execPath,
    CITIBIKE,
    'run',
    'search',
    '--json',
    JSON.stringify(input),
  ]);
}

async function peerSearch(context: BenchContext) {
  const { hourly, weather } = findBenchData();
  const python = await installXgboost(path.join(path.dirname(context.dir), 'python-xgboost'), context.log);
  context.log('  XGBoost + Optuna');
  return measure(context.python, [
    ...[python, PEER, path.join(context.dir, 'xgboost.json'), '--hourly', ...hourly, '--weather', ...weather],
    ...['--train', TRAIN.from, TRAIN.to, '--test', TEST.from, TEST.to],
    ...['--trials', String(TRIALS), '--folds', String(FOLDS)],
  ]);
}

export const bench: ReportBench = {
  name: 'search',
  title: 'A search for hyper-parameters',
  onDemand: 'needs the running stack and real trips',
  measure: (context) =>
    withRunningStack({ from: TRAIN.from, to: TEST.to }, async (): Promise<BenchReport> => {
      const peer = await peerSearch(context);
      const ours = await ourSearch(context);
      const ratio = ours.wallSeconds / peer.wallSeconds;
      return {
        command: 'make bench BENCH=search DATA=FOLDER',
        blocks: [
          `${TRIALS} trials of ${FOLDS} folds on New York's ${TRAIN.from} to ${TRAIN.to}, one after the other, each as a whole process from its start to its exit. Ours is \`citibike run search\` on the running stack: successive halving in rungs, trials recorded in MLflow.`,
          markdownTable(
            ['', 'wall, s', 'against XGBoost + Optuna'],
            [
              ['citibike run search', ours.wallSeconds.toFixed(1), ratio.toFixed(2)],
              ['XGBoost + Optuna', peer.wallSeconds.toFixed(1), '1.00'],
            ],
          ),
        ],
        judgedTargets: [
          {
            text: `at most ${LIMIT} × the time of XGBoost + Optuna`,
            judgement: { passes: ratio <= LIMIT, measured: `${ratio.toFixed(2)} ×` },
          },
        ],
      };
    }),
};
