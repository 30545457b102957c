/** Renders a backtest's result as lines for a terminal. */
import type { BacktestResult } from '../contracts/workflows/backtest.ts';
import type { RegressionMetrics } from '../contracts/model.ts';
import { leadLines, levelOf, modelsOf } from '../core/evaluation/backtest-lines.ts';

const HEADER = ['', 'trained on', 'hours', 'RMSE', 'MAE', 'R²', 'bias', 'coverage', 'Winkler'];

export function backtestTable(result: BacktestResult): string {
  const rows = [
    HEADER,
    ...result.months.map(({ month, trainedOn, metrics }) =>
      rowOf(month, `${trainedOn.from} to ${trainedOn.to}`, metrics),
    ),
    rowOf('all hours', '', result.metrics),
    ...leadLines(result).map(([name, metrics]) => rowOf(name, '', metrics)),
    rowOf('naive', 'the same months', result.naive),
  ];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
  );
  const late = `${result.lateMonths} whole month${result.lateMonths === 1 ? '' : 's'}`;
  const level = levelOf(result);
  return [
    `${result.synthetic ? 'SYNTHETIC. ' : ''}${modelsOf(result)}; archives arrive ${late} late.`,
    `Weather ${result.weather}.`,
    ...(level ? [`Level ${level}.`] : []),
    ...lines.map((line) => line.trimEnd()),
  ].join('\n');
}

function rowOf(name: string, trainedOn: string, metrics: RegressionMetrics): string[] {
  const { rows, rmse, mae, r2, bias, coverage, winkler } = metrics;
  return [
    name,
    trainedOn,
    String(rows),
    rmse.toFixed(1),
    mae.toFixed(1),
    r2.toFixed(3),
    bias.toFixed(1),
    coverage === undefined ? '' : `${(100 * coverage).toFixed(1)} %`,
    winkler === undefined ? '' : winkler.toFixed(0),
  ];
}
