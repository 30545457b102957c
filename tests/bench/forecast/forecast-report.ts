/** Renders the tables and judges the targets of the forecast bench. */
import type { RegressionMetrics } from '../../../contracts/model.ts';
import type { BenchReport, JudgedTarget } from '../harness/bench.ts';
import { markdownTable } from '../harness/report.ts';
import type { LeadScores } from './score-draws.ts';
import type { SyntheticScores } from './synthetic-system.ts';

export interface ForecastFigures {
  /** Scores of each draw, by lead day. */
  readonly leads: ReadonlyMap<number, readonly LeadScores[]>;
  /** Mean by hour, weekday and month. */
  readonly naive: RegressionMetrics;
  /** Observed weather: without level, and with archives one month late and with none late. */
  readonly level: {
    readonly off: RegressionMetrics;
    readonly monthLate: RegressionMetrics;
    readonly noneLate: RegressionMetrics;
  };
  readonly synthetic: SyntheticScores;
}

/** Limits the RMSE on 2025 Q1 with observed weather that a level must not exceed. */
const MOST_WITH_LEVEL = 717;

export function forecastReport(figures: ForecastFigures): Pick<BenchReport, 'blocks' | 'judgedTargets'> {
  const { leads, naive, level } = figures;
  const draws = [...leads.values()][0]!.length;
  return {
    blocks: [
      `New York, trained on 2024, scored on 2025-01 to 2025-03: means over ${draws} draws of weather forecasts, whose errors are measured for lead day 1 and partly assumed for later ones. Plain takes the forecast for the observation. Ours mixes 100 weather scenarios, without level. Width at .90 is the mean width with one factor on all distances that gives a coverage of .90. Skill compares with the mean by hour, weekday and month (RMSE ${whole(naive.rmse)}).`,
      markdownTable(
        [
          'lead day',
          ...['RMSE', 'coverage', 'Winkler', 'width at .90'].map((name) => `plain: ${name}`),
          ...[
            'RMSE',
            'RMSE / plain',
            'bias',
            'coverage',
            'of the 80 %',
            'of the 50 %',
            'Winkler',
            'width at .90',
            'skill',
          ],
        ],
        [...leads].map(([lead, scores]) => leadRow(lead, scores, naive)),
      ),
      'Observed weather, never trained again, with a level of the months published before each:',
      markdownTable(
        ['level', 'RMSE', 'bias', 'coverage', 'width', 'Winkler'],
        [
          levelRow('off', level.off),
          levelRow('on, archives one month late', level.monthLate),
          levelRow('on, none late', level.noneLate),
        ],
      ),
    ],
    judgedTargets: judgedTargets(figures),
  };
}

function leadRow(lead: number, scores: readonly LeadScores[], naive: RegressionMetrics): string[] {
  const mean = meanOver(scores);
  const rmse = mean(({ ours }) => ours.rmse);
  return [
    String(lead),
    whole(mean(({ plain }) => plain.rmse)),
    share(mean(({ plain }) => plain.coverage!)),
    whole(mean(({ plain }) => plain.winkler!)),
    whole(mean(({ widthAt90 }) => widthAt90.plain)),
    whole(rmse),
    ratioOf(scores).toFixed(3),
    whole(mean(({ ours }) => ours.bias)),
    share(mean(({ ours }) => ours.coverage!)),
    share(mean(({ coverage }) => coverage.eighty)),
    share(mean(({ coverage }) => coverage.half)),
    whole(mean(({ ours }) => ours.winkler!)),
    whole(mean(({ widthAt90 }) => widthAt90.ours)),
    share(1 - rmse / naive.rmse),
  ];
}

function levelRow(name: string, { rmse, bias, coverage, width, winkler }: RegressionMetrics): string[] {
  return [name, whole(rmse), whole(bias), share(coverage!), whole(width!), whole(winkler!)];
}

function judgedTargets({ leads, level, synthetic }: ForecastFigures): JudgedTarget[] {
  const ratioAtMost = (lead: number, limit: number): JudgedTarget => {
    const ratio = ratioOf(leads.get(lead)!);
    return {
      text: `lead day ${lead}: RMSE at most ${limit} × that of the plain forecast`,
      judgement: { passes: ratio <= limit, measured: `${ratio.toFixed(3)} ×` },
    };
  };
  const coverages = [...leads.values()].map((scores) => meanOver(scores)(({ ours }) => ours.coverage!));
  const widths = [...leads.values()].map(
    (scores) =>
      meanOver(scores)(({ widthAt90 }) => widthAt90.ours) /
      meanOver(scores)(({ widthAt90 }) => widthAt90.plain),
  );
  const { rmse, coverage } = level.monthLate;
  const most = Math.max(...widths);
  return [
    ratioAtMost(1, 0.95),
    ratioAtMost(7, 0.9),
    {
      text: 'coverage of the 90 % interval .87 to .93 at every lead day',
      judgement: {
        passes: coverages.every((value) => value >= 0.87 && value <= 0.93),
        measured: `${share(Math.min(...coverages))} to ${share(Math.max(...coverages))}`,
      },
    },
    {
      text: 'width at a coverage of .90 below that of the plain intervals at every lead day',
      judgement: { passes: most < 1, measured: `at most ${most.toFixed(3)} ×` },
    },
    {
      text: `with level and observed weather, RMSE at most ${MOST_WITH_LEVEL} and coverage .87 to .93`,
      judgement: {
        passes: rmse <= MOST_WITH_LEVEL && coverage! >= 0.87 && coverage! <= 0.93,
        measured: `${rmse.toFixed(1)} and ${share(coverage!)}`,
      },
    },
    {
      text: 'synthetic system: the level is within 5 % of a jump of 20 % after two published months',
      judgement: {
        passes: synthetic.afterTwoMonths.every((factor) => Math.abs(factor / 1.2 - 1) <= 0.05),
        measured: synthetic.afterTwoMonths.map((factor) => factor.toFixed(3)).join(', '),
      },
    },
    {
      text: 'synthetic system without a jump: RMSE with level at most 1.01 × that without',
      judgement: {
        passes: synthetic.lossWithoutJump <= 1.01,
        measured: `${synthetic.lossWithoutJump.toFixed(4)} ×`,
      },
    },
  ];
}

function ratioOf(scores: readonly LeadScores[]): number {
  const mean = meanOver(scores);
  return mean(({ ours }) => ours.rmse) / mean(({ plain }) => plain.rmse);
}

function meanOver(scores: readonly LeadScores[]): (valueOf: (score: LeadScores) => number) => number {
  return (valueOf) => scores.reduce((sum, score) => sum + valueOf(score), 0) / scores.length;
}

function whole(value: number): string {
  return value.toFixed(0);
}

function share(value: number): string {
  return value.toFixed(3);
}
