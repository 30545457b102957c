/** Renders an evaluation as a self-contained HTML page. */
import type { RegressionMetrics } from '../../contracts/model.ts';
import { escapeHtml } from '../report/escape-html.ts';
import { charts, factsTable, htmlPage, textTable } from '../report/page.ts';
import { percent, shortNumber } from '../report/short-number.ts';
import type { EvaluationReport } from './evaluation.ts';
import type { Pictures } from './evaluation-pictures.ts';
import type { MetricsBy } from './evaluation-groups.ts';

export function evaluationPage(report: EvaluationReport, pictures: Pictures): string {
  const { trainedOn, scoredOn } = report;
  return htmlPage({
    title: `Evaluation of a model of ${trainedOn.system}, ${scoredOn.from} to ${scoredOn.to}${trainedOn.synthetic ? ' (synthetic data)' : ''}`,
    sections: [
      factsTable(facts(report)),
      `<h2>Overall</h2>${metricsTable(inAll(report))}${note(MEANINGS)}`,
      `<h2>Pictures</h2>${charts(Object.values(pictures))}`,
      `<h2>The 90 % interval by group of hours</h2>${metricsTable(Object.entries(report.byHourGroup))}`,
      `<h2>By weather and holiday</h2>${metricsTable(byWeather(report))}${bins(report)}`,
      `<h2>By weekday and month</h2>${metricsTable([...Object.entries(report.byWeekday), ...Object.entries(report.byMonth)])}`,
    ],
    // MLflow shows the page in a narrow frame, so names keep their width and the table scrolls.
    style: '.wide th:first-child{min-width:16rem}.wide td{white-space:nowrap}',
  });
}

function facts({
  trainedOn,
  scoredOn,
  growth,
  metrics,
  hoursWithoutTrips,
}: EvaluationReport): [string, string][] {
  const signed = (share: number) => `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
  return [
    ['Trained on', `${trainedOn.from} to ${trainedOn.to}, ${trainedOn.hours.toLocaleString('en-US')} hours`],
    ['Scored on', `${scoredOn.from} to ${scoredOn.to}, ${metrics.rows.toLocaleString('en-US')} later hours`],
    [
      'Growth',
      `${signed(growth.yearly)} per year, standard error ${percent(growth.yearlyStandardError)}, since ${growth.origin}`,
    ],
    ['Hours without a trip', String(hoursWithoutTrips)],
  ];
}

const MEANINGS =
  'RMSE, MAE, bias (predicted − actual), width and Winkler score are in trips per hour. MAPE omits hours without a trip. Coverage, ' +
  'width and Winkler score are of the 90 % interval. The Winkler score is the width of the interval, plus 20 times the distance to ' +
  'it for an hour outside (Gneiting & Raftery 2007).';

function inAll({ metrics, withoutGrowth, naive, insideTraining }: EvaluationReport) {
  const hidden = insideTraining ? [insideTraining.weekBlocks, insideTraining.randomSplit] : [];
  return [
    ['the model', metrics],
    ['the model without growth', withoutGrowth],
    ['naive: mean of the training span by hour, weekday and month', naive.meanByCalendar],
    ...(naive.sameHourLastWeek ? [['naive: the same hour last week', naive.sameHourLastWeek] as const] : []),
    ...hidden.map((hours) => [`not on the test span: ${hours.meaning}`, hours.metrics]),
  ] as [string, RegressionMetrics][];
}

function byWeather({ byWeather, byHoliday }: EvaluationReport): [string, RegressionMetrics][] {
  const groups: MetricsBy[] = [byWeather.rain, byWeather.warmth, byWeather.snow, byHoliday];
  return groups.flatMap((group) => Object.entries(group));
}

function bins({ weatherBins }: EvaluationReport): string {
  return note(
    `${Object.entries(weatherBins)
      .map(([name, meaning]) => `${name}: ${meaning}`)
      .join('; ')}.`,
  );
}

function note(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>`;
}

function metricsTable(rows: readonly (readonly [string, RegressionMetrics])[]): string {
  const header = ['', 'hours', 'RMSE', 'MAE', 'R²', 'bias', 'MAPE', 'coverage', 'width', 'Winkler'];
  return textTable(
    header,
    rows.map(([name, metrics]) => [
      name,
      metrics.rows.toLocaleString('en-US'),
      figure(metrics.rmse),
      figure(metrics.mae),
      figure(metrics.r2),
      figure(metrics.bias),
      figure(metrics.mape, ' %'),
      metrics.coverage === undefined ? '' : percent(metrics.coverage),
      figure(metrics.width),
      figure(metrics.winkler),
    ]),
  );
}

/** Formats a number with three digits, or as an empty string if it is missing, such as the R² of constant hours. */
function figure(value: number | undefined, unit = ''): string {
  return value === undefined || !Number.isFinite(value)
    ? ''
    : `${shortNumber(value).replace('-', '−')}${unit}`;
}
