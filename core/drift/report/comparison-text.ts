/** Formats a comparison as aligned text for a terminal. */
import { shortNumber } from '../../report/short-number.ts';
import type { Comparison, WeekComparison } from '../evidently/compare.ts';
import { columnOutcome } from '../evidently/column-drift.ts';
import { outcomeOf } from './conclusion.ts';
import { findingText, weekFindingTexts } from '../evidently/findings.ts';

/** Pads cells to columns. The first column is left-aligned. */
function align(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const number = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : shortNumber(value);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Holds the texts for the outcome of all columns together, of the whole and of a week. */
const WHOLE_OUTCOME = { drift: 'yes', no_drift: 'no', nothing_compared: 'nothing to compare' } as const;
const WEEK_OUTCOME = { drift: 'drift', no_drift: 'no', nothing_compared: 'not compared' } as const;

export function comparisonText(comparison: Comparison): string {
  const { columns, dataset_drift: drift, missing, findings, regression } = comparison;
  const table = align([
    ['column', 'test', 'score', 'threshold', 'drift', 'missing'],
    ...Object.entries(columns).map(([name, column]) => [
      name,
      column.test ?? '-',
      number(column.drift_score),
      number(column.threshold),
      columnOutcome(column),
      String(missing.current.number_of_missing_values_by_column[name] ?? 0),
    ]),
  ]);
  const lines = [
    table,
    '',
    `data set drift: ${WHOLE_OUTCOME[outcomeOf(comparison)]}, ${drift.number_of_drifted_columns} of ${drift.number_of_columns} columns drifted (limit ${percent(drift.drift_share)})`,
    `missing values: ${percent(missing.current.share_of_missing_values)} of current, ${percent(missing.reference.share_of_missing_values)} of reference`,
  ];
  if (regression) {
    const { current, reference } = regression;
    lines.push(
      `RMSE ${number(current.rmse)} (reference ${number(reference.rmse)}), MAE ${number(current.mean_abs_error)} (${number(reference.mean_abs_error)}), mean error ${number(current.mean_error)} (${number(reference.mean_error)}), R² ${number(current.r2_score)} (${number(reference.r2_score)})`,
    );
  }
  if (findings.length > 0)
    lines.push('', 'findings:', ...findings.map((finding) => `  ${findingText(finding)}`));
  return lines.join('\n');
}

export function weeksText(
  whole: Comparison,
  weeks: readonly WeekComparison[],
  predictionColumn: string | undefined,
): string {
  if (weeks.length === 0) return 'no weeks: current has no rows';
  const regression = weeks.some((week) => week.regression);
  const table = align([
    [
      'week',
      'from',
      'to',
      'rows',
      'drifted',
      'data set',
      ...(predictionColumn ? ['prediction drift'] : []),
      'missing',
      ...(regression ? ['RMSE'] : []),
    ],
    ...weeks.map((week) => [
      week.week,
      week.from,
      week.to,
      String(week.rows),
      `${week.dataset_drift.number_of_drifted_columns}/${week.dataset_drift.number_of_columns}`,
      WEEK_OUTCOME[outcomeOf(week)],
      ...(predictionColumn ? [number(week.columns[predictionColumn]?.drift_score)] : []),
      percent(week.missing.current.share_of_missing_values),
      ...(regression ? [number(week.regression?.current.rmse)] : []),
    ]),
  ]);
  const findings = weekFindingTexts(
    whole,
    weeks.map((week) => [week.week, week] as const),
  );
  if (findings.length === 0) return table;
  return [table, '', 'findings in weeks:', ...findings.map((text) => `  ${text}`)].join('\n');
}
