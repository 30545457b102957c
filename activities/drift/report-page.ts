import { PREDICTION } from '../../core/drift/monitored-table.ts';
import type { DriftReport, ReportSpan } from '../../core/drift/report/drift-report.ts';
import type { ReportPage } from '../../core/drift/report/render-report.ts';

/** Converts a report to the data of its page. */
export function reportPage(report: DriftReport): ReportPage {
  const { whole, weeks, decision } = report;
  return {
    title: `Drift of ${report.model} version ${report.modelVersion}, ${report.system}${report.synthetic ? ' (synthetic data)' : ''}`,
    facts: [
      ['Reference', spanText(report.reference)],
      [
        'Current',
        `${spanText(report.current)}${report.withTrips ? '' : '; its trips are not published, so only weather and predictions are compared'}`,
      ],
    ],
    decision,
    whole,
    weeks,
    predictionColumn: PREDICTION,
    likeWithLike: report.likeWithLike,
    histograms: report.histograms,
  };
}

function spanText({ from, to, hours, predictions }: ReportSpan): string {
  const sources = [
    [predictions.outOfFold, 'out of fold'],
    [predictions.outOfSample, 'by the model on hours it was not trained on'],
    [predictions.inSample, 'by the model on hours it was trained on'],
  ] as const;
  const told = sources.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return `${from} to ${to}, ${hours} hours; predictions: ${told.join(', ')}`;
}
