/** Renders the drift report as a self-contained page: inline style and SVG, no script, every value escaped. */
import type { Comparison } from '../evidently/compare.ts';
import {
  isDistance,
  readableColumn,
  readableScores,
  scoreName,
  weekConclusion,
} from '../../../contracts/drift-reading.ts';
import type { DecisionKind } from '../decision/decision.ts';
import { escapeHtml } from '../../report/escape-html.ts';
import { lineChart } from '../../report/line-chart.ts';
import { charts, factsTable, htmlPage } from '../../report/page.ts';
import { percent, shortNumber } from '../../report/short-number.ts';
import { columnScores } from './column-scores.ts';
import { conclude, conclusionText, type Conclusion } from './conclusion.ts';
import { distributionSection } from './distribution-section.ts';
import type { ColumnHistogram } from './histograms.ts';
import { findingText, weekFindingTexts } from '../evidently/findings.ts';
import type { ResidualComparison } from '../residuals/compare-residuals.ts';
import type { RegressionQuality } from '../evidently/regression-quality.ts';
import { residualSection } from './residual-section.ts';

/** Represents the content of the page, which `DriftReport` and the result of the command line have in common. */
export interface ReportPage {
  readonly title: string;
  /** Labels and texts in order. */
  readonly facts: readonly (readonly [string, string])[];
  /** Decision of a drift check. If it is omitted, the page concludes from the column tests. */
  readonly decision?: { readonly decision: DecisionKind; readonly reasons: readonly string[] };
  readonly whole: Comparison;
  /** Absent if weeks were not compared. */
  readonly weeks?: Readonly<Record<string, Comparison>> | undefined;
  readonly predictionColumn?: string;
  /** Distributions to draw, by column. */
  readonly histograms?: Readonly<Record<string, ColumnHistogram>>;
  readonly likeWithLike?: ResidualComparison | null;
}

type Weeks = NonNullable<ReportPage['weeks']>;

export function renderReport(page: ReportPage): string {
  const { title, facts, decision, whole, predictionColumn, likeWithLike } = page;
  const weeks = page.weeks ?? {};
  const hasWeeks = Object.keys(weeks).length > 0;
  const conclusion = conclude(whole, page.weeks, readableColumn);
  const sections = [
    decision ? decisionSection(decision, conclusion, weeks) : conclusionSection(conclusion),
    factsTable(facts),
    likeWithLike ? residualSection(likeWithLike) : '',
    hasWeeks ? `<h2>Weeks</h2>${weekCharts(weeks, predictionColumn)}` : '',
    `<h2>Columns: all of current compared with reference</h2>${columnTable(whole)}`,
    page.histograms ? distributionSection(page.histograms, whole, weeks) : '',
    findingList(whole, weeks),
    hasWeeks ? `<h2>Columns by week</h2>${weekTable(weeks)}` : '',
    whole.regression ? `<h2>Regression quality</h2>${qualityTable(whole.regression)}` : '',
  ];
  return htmlPage({ title, sections, style: STYLE });
}

function conclusionSection({ outcome, headline, figures }: Conclusion): string {
  return `<p class="conclusion ${outcome}"><strong>${headline}</strong>: ${escapeHtml(figures)}.</p>`;
}

function decisionSection(
  { decision, reasons }: NonNullable<ReportPage['decision']>,
  conclusion: Conclusion,
  weeks: Weeks,
): string {
  const newest = Object.entries(weeks).at(-1);
  const sentence = newest
    ? `<p>${escapeHtml(weekConclusion(newest[0], columnScores(newest[1]), { decision, reasons }))}</p>`
    : '';
  const tests =
    conclusion.outcome === 'nothing_compared' ? conclusionText(conclusion) : `${conclusion.figures}.`;
  const items = reasons.map((reason) => `<li>${escapeHtml(reason)}</li>`);
  return `<section class="conclusion ${decision}">${sentence}Decision: <strong>${decision}</strong><ul>${items.join('')}</ul>
<p class="note">Evidently's column tests: ${escapeHtml(tests)} Drifted weeks do not change the decision, because a week usually differs from a whole season.</p></section>`;
}

function weekCharts(weeks: Weeks, predictionColumn: string | undefined): string {
  const entries = Object.entries(weeks);
  const labels = entries.map(([week]) => week.slice(-3));
  const values = (pick: (comparison: Comparison) => number | null | undefined) =>
    entries.map(([, comparison]) => pick(comparison) ?? null);
  const first = entries[0]![1];
  const figures = [
    lineChart({
      title: 'Share of drifted columns',
      labels,
      series: [
        { label: 'share', values: values((c) => c.dataset_drift.share_of_drifted_columns), style: 'a' },
      ],
      threshold: first.dataset_drift.drift_share,
      thresholdLabel: `drift from ${percent(first.dataset_drift.drift_share)}`,
      format: percent,
    }),
    lineChart({
      title: 'Share of missing values',
      labels,
      series: [
        { label: 'share', values: values((c) => c.missing.current.share_of_missing_values), style: 'a' },
      ],
      format: percent,
    }),
  ];
  if (predictionColumn) {
    const { threshold = null, test = null } = first.columns[predictionColumn] ?? {};
    figures.unshift(
      lineChart({
        title: 'Prediction drift',
        labels,
        series: [
          {
            label: scoreName(test),
            values: values((c) => c.columns[predictionColumn]?.drift_score),
            style: 'a',
          },
        ],
        threshold: threshold ?? undefined,
        thresholdLabel: threshold === null ? undefined : `threshold ${shortNumber(threshold)}`,
      }),
    );
  }
  if (first.regression) {
    figures.push(
      lineChart({
        title: 'RMSE',
        labels,
        series: [
          { label: 'current', values: values((c) => c.regression?.current.rmse), style: 'a' },
          { label: 'reference', values: values((c) => c.regression?.reference.rmse), style: 'b' },
        ],
      }),
      lineChart({
        title: 'Mean error (prediction − target)',
        labels,
        series: [
          { label: 'current', values: values((c) => c.regression?.current.mean_error), style: 'a' },
          { label: 'reference', values: values((c) => c.regression?.reference.mean_error), style: 'b' },
        ],
      }),
    );
  }
  return charts(figures);
}

function columnTable(comparison: Comparison): string {
  const { columns, missing } = comparison;
  const scores = readableScores(columnScores(comparison));
  const rows = scores.map(({ column, of, test, score, threshold, drifted }) => {
    const absent = missing.current.number_of_missing_values_by_column[of] ?? 0;
    const measure = test === null ? (columns[of]?.note ?? 'not compared') : scoreName(test);
    const limit =
      threshold === null ? '–' : `${test && isDistance(test) ? 'from' : 'below'} ${shortNumber(threshold)}`;
    const outcome = drifted ? 'drift' : score === null ? 'not compared' : 'no';
    return `<tr><th>${escapeHtml(column)}</th><td class="text">${escapeHtml(measure)}</td><td>${numberCell(score)}</td><td>${limit}</td><td class="${drifted ? 'drift' : ''}">${outcome}</td><td>${absent}</td></tr>`;
  });
  return `<div class="wide"><table><tr><th>column</th><th class="text">score</th><th>value</th><th>threshold</th><th>drift</th><th>missing in current</th></tr>${rows.join('')}</table></div>${cycleNote(scores)}`;
}

/** Explains rows that stand for sine and cosine. */
function cycleNote(scores: readonly { readonly column: string; readonly of: string }[]): string {
  const cycles = scores.filter(({ column, of }) => column !== of).map(({ column }) => column);
  return cycles.length === 0
    ? ''
    : `<p class="note">The tests compare ${escapeHtml(cycles.join(', '))} as sine and cosine, so each counts as two columns. The table shows the score further beyond its threshold.</p>`;
}

function findingList(whole: Comparison, weeks: Weeks): string {
  const texts = [...whole.findings.map(findingText), ...weekFindingTexts(whole, Object.entries(weeks))];
  const items = texts.map((text) => `<li>${escapeHtml(text)}</li>`);
  return items.length === 0 ? '' : `<h2>Findings</h2><ul>${items.join('')}</ul>`;
}

function weekTable(weeks: Weeks): string {
  const entries = Object.entries(weeks);
  const scores = entries.map(([, week]) => readableScores(columnScores(week)));
  const head = entries.map(([week]) => `<th>${escapeHtml(week.slice(-3))}</th>`);
  const rows = scores[0]!.map(({ column, test }) => {
    const cells = scores.map((week) => {
      const { score = null, drifted = false } = week.find((each) => each.column === column) ?? {};
      return `<td class="${drifted ? 'drift' : ''}">${numberCell(score)}</td>`;
    });
    return `<tr><th>${escapeHtml(column)}</th><td class="text">${escapeHtml(scoreName(test))}</td>${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table><tr><th>column</th><th class="text">score</th>${head.join('')}</tr>${rows.join('')}</table></div>`;
}

const QUALITY_ROWS: readonly (readonly [string, (quality: RegressionQuality) => number | null])[] = [
  ['R²', (q) => q.r2_score],
  ['RMSE', (q) => q.rmse],
  ['mean absolute error', (q) => q.mean_abs_error],
  ['mean error', (q) => q.mean_error],
  ['largest absolute error', (q) => q.abs_error_max],
  ['mean absolute percentage error, %', (q) => q.mean_abs_perc_error],
  ['standard deviation of the error', (q) => q.error_std],
  ['mean error of the majority', (q) => q.underperformance.majority.mean_error],
  ['mean error of the 5 % most underestimated', (q) => q.underperformance.underestimation.mean_error],
  ['mean error of the 5 % most overestimated', (q) => q.underperformance.overestimation.mean_error],
];

function qualityTable({ reference, current }: NonNullable<Comparison['regression']>): string {
  const rows = QUALITY_ROWS.map(
    ([label, pick]) =>
      `<tr><th>${escapeHtml(label)}</th><td>${numberCell(pick(reference))}</td><td>${numberCell(pick(current))}</td></tr>`,
  );
  return `<table><tr><th></th><th>reference</th><th>current</th></tr>${rows.join('')}</table>`;
}

function numberCell(value: number | null): string {
  return value === null ? '–' : escapeHtml(shortNumber(value));
}

const STYLE = `
th.text{text-align:left}
.conclusion{border-left:.4rem solid var(--b);padding:.2rem 1rem;margin:1rem 0;font-size:1.05rem;max-width:60rem;overflow-wrap:anywhere}
.conclusion ul,.conclusion p{margin:.4rem 0}
.conclusion.keep,.conclusion.no_drift{border-color:var(--good)}.conclusion.watch,.conclusion.nothing_compared{border-color:var(--warn)}
.conclusion.retrain{border-color:#d35400}.conclusion.alert,.conclusion.drift{border-color:var(--bad)}
`;
