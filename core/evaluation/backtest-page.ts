/** Renders a backtest as a self-contained HTML page. */
import type { BacktestHours } from '../../contracts/activities/backtest.ts';
import type { RegressionMetrics } from '../../contracts/model.ts';
import { escapeHtml } from '../report/escape-html.ts';
import type { Figure } from '../report/figure.ts';
import { lineChart } from '../report/line-chart.ts';
import { charts, factsTable, htmlPage, textTable } from '../report/page.ts';
import { percent, shortNumber } from '../report/short-number.ts';
import type { PooledMonths } from './backtest-hours.ts';
import { leadLines, levelOf, modelsOf } from './backtest-lines.ts';

const HEADER = ['', 'trained on', 'hours', 'RMSE', 'MAE', 'R²', 'bias', 'coverage', 'Winkler'];

export interface BacktestOnAPage extends PooledMonths {
  readonly system: string;
  readonly synthetic: boolean;
}

export function backtestPage(result: BacktestOnAPage, hours: readonly BacktestHours[]): string {
  const { months, metrics, naive, lateMonths, weather, system, synthetic } = result;
  const level = levelOf(result);
  const span = `${months[0]!.month} to ${months.at(-1)!.month}`;
  return htmlPage({
    title: `Backtest of ${system}, ${span}${synthetic ? ' (synthetic data)' : ''}`,
    sections: [
      factsTable([
        ['Archives', `published ${lateMonths} whole month${lateMonths === 1 ? '' : 's'} late`],
        ['Weather', weather],
        // Pages of backtests without these options stay as they were.
        ...(result.refit ? [['Models', modelsOf(result)] satisfies [string, string]] : []),
        ...(level ? [['Level', level] satisfies [string, string]] : []),
      ]),
      textTable(HEADER, [
        ...months.map((each) =>
          lineOf(each.month, `${each.trainedOn.from} to ${each.trainedOn.to}`, each.metrics),
        ),
        lineOf('all hours', '', metrics),
        ...leadLines(result).map(([name, each]) => lineOf(name, '', each)),
        lineOf('naive, all hours', 'the same months', naive),
      ]),
      `<p class="note">${escapeHtml('RMSE, MAE, bias (predicted − actual) and Winkler score of the 90 % interval are in trips per hour. The naive forecast is the mean of the training months by hour, weekday and month.')}</p>`,
      charts([dailyChart(hours)]),
    ],
  });
}

function lineOf(name: string, trainedOn: string, metrics: RegressionMetrics): string[] {
  const { rows, rmse, mae, r2, bias, coverage, winkler } = metrics;
  return [
    name,
    trainedOn,
    String(rows),
    shortNumber(rmse),
    shortNumber(mae),
    r2.toFixed(3),
    shortNumber(bias),
    coverage === undefined ? '' : percent(coverage),
    winkler === undefined ? '' : shortNumber(winkler),
  ];
}

function dailyChart(months: readonly BacktestHours[]): Figure {
  const days = new Map<string, { actual: number; prediction: number }>();
  for (const { date, actual, prediction } of months) {
    date.forEach((day, i) => {
      const before = days.get(day) ?? { actual: 0, prediction: 0 };
      days.set(day, {
        actual: before.actual + actual[i]!,
        prediction: before.prediction + prediction[i]!,
      });
    });
  }
  const totals = [...days.values()];
  return lineChart({
    title: 'Trips per day',
    labels: [...days.keys()],
    series: [
      { label: 'actual', values: totals.map((day) => day.actual), style: 'b' },
      { label: 'predicted', values: totals.map((day) => day.prediction), style: 'a' },
    ],
  });
}
