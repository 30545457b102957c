/** Writes scores of past forecasts for the terminal. */
import { table } from './table-text.ts';

/** Represents errors in trips per hour, of the hours of a month at a lead day. */
interface LeadDayScore {
  readonly month: string;
  readonly leadDay: number;
  readonly hours: number;
  readonly rmse: number;
  readonly rmseObserved: number | null;
  readonly rmseNaive: number | null;
  readonly bias: number;
  /** 0 to 1 */
  readonly coverage90: number;
  readonly width90: number;
}

export interface ForecastScores {
  readonly model: string;
  readonly scores: readonly LeadDayScore[] | null;
}

const HEADER = [
  'month',
  'lead day',
  'hours',
  'RMSE',
  'observed',
  'naive',
  'bias',
  'cover 90 %',
  'width 90 %',
];

export function scoresText({ model, scores }: ForecastScores): string {
  if (!scores?.length)
    return `no forecast of ${model} has been scored yet. When the trips of a month are ingested, the forecasts for it are scored\n`;
  const shown = (value: number | null) => value?.toFixed(0) ?? '';
  const rows = scores.map((score) => [
    score.month,
    String(score.leadDay),
    String(score.hours),
    shown(score.rmse),
    shown(score.rmseObserved),
    shown(score.rmseNaive),
    shown(score.bias),
    `${(score.coverage90 * 100).toFixed(1)} %`,
    shown(score.width90),
  ]);
  const notes = [
    `Errors of ${model} in trips per hour. Lead day 1 is the day after the issue.`,
    'observed: RMSE of the same versions with observed weather; naive: RMSE of the mean by hour, weekday and month.',
  ];
  return `${table(HEADER, rows)}\n${notes.join('\n')}\n`;
}
