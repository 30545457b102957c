/** Draws the distribution of each column beside the reference, and its score by week with the threshold. */
import { readableScores, scoreName, scoreText, unitOf } from '../../../contracts/drift-reading.ts';
import { barChart } from '../../report/bar-chart.ts';
import type { Figure } from '../../report/figure.ts';
import { lineChart } from '../../report/line-chart.ts';
import { charts } from '../../report/page.ts';
import { percent, shortNumber } from '../../report/short-number.ts';
import type { Comparison } from '../evidently/compare.ts';
import { columnScores } from './column-scores.ts';
import type { ColumnHistogram } from './histograms.ts';

export function distributionSection(
  histograms: Readonly<Record<string, ColumnHistogram>>,
  whole: Comparison,
  weeks: Readonly<Record<string, Comparison>>,
): string {
  const byWeek = Object.entries(weeks).map(
    ([week, comparison]) => [week, readableScores(columnScores(comparison))] as const,
  );
  const figures = readableScores(columnScores(whole)).flatMap((score): Figure[] => {
    const { column, test, drifted } = score;
    const histogram = histograms[column];
    if (!histogram) return [];
    const unit = unitOf(column);
    const distribution = barChart({
      title: `${column}${unit ? `, ${unit}` : ''}${drifted ? ' (drifted)' : ''}: ${scoreText(score, shortNumber)}`,
      labels: histogram.bins.map(binLabel),
      series: [
        { label: 'reference', values: sharesOf(histogram.reference), style: 'b' },
        { label: 'current', values: sharesOf(histogram.current), style: 'a' },
      ],
      format: percent,
    });
    if (byWeek.length === 0) return [distribution];
    const scores = byWeek.map(([, of]) => of.find((each) => each.column === column));
    const threshold = scores.map((each) => each?.threshold ?? undefined).find((each) => each !== undefined);
    return [
      distribution,
      lineChart({
        title: `${column} by week`,
        labels: byWeek.map(([week]) => week.slice(-3)),
        series: [{ label: scoreName(test), values: scores.map((each) => each?.score ?? null), style: 'a' }],
        threshold,
        thresholdLabel: threshold === undefined ? undefined : `threshold ${shortNumber(threshold)}`,
      }),
    ];
  });
  if (figures.length === 0) return '';
  return `<h2>Distributions</h2><p class="note">Share of the values in each bin. The lines show the score of each week, and the dashed line its threshold.</p>${charts(figures)}`;
}

function binLabel(bin: ColumnHistogram['bins'][number]): string {
  const [low, high] = bin;
  if (typeof low === 'string') return low;
  return high === undefined ? shortNumber(low) : `${shortNumber(low)} to ${shortNumber(high)}`;
}

function sharesOf(counts: readonly number[]): (number | null)[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total === 0 ? null : count / total));
}
