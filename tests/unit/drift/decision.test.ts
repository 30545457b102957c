import { describe, expect, it } from 'vitest';
import { Reference } from '../../../core/drift/evidently/compare.ts';
import { decide, type Decision, type DecisionInput } from '../../../core/drift/decision/decision.ts';
import type { ResidualComparison, ResidualWeek } from '../../../core/drift/residuals/compare-residuals.ts';
import type { WeekFindingKind } from '../../../core/drift/residuals/week-finding.ts';
import type { Column, Table } from '../../../core/drift/evidently/drift-table.ts';
import { FIXED_RULES } from './fixed-rules.ts';

const HOURS = 400;

const NOTHING_ELSE = {
  predictionColumn: 'prediction',
  referenceHours: { all: HOURS, inSample: 0 },
  likeWithLike: null,
  month: '2025-03',
  earlier: [],
  rules: FIXED_RULES,
} as const;

interface Situation {
  /** Number added to every prediction of current. */
  readonly bias?: number;
  /** Error of current, alternating between + and −; that of reference is 100. */
  readonly error?: number;
  /** Share of missing values in two of current's four columns, the temperatures. */
  readonly missing?: number;
  readonly hours?: number;
  readonly inSample?: number;
}

/** Trips run from 500 to 1500; predictions are off by `error`, alternating between + and −. */
function table(hours: number, error: number, bias: number, missing: number): Table {
  const column = (at: (i: number) => number): Column => ({
    type: 'num',
    values: Float64Array.from({ length: hours }, (_, i) => at(i)),
  });
  const trips = (i: number) => 500 + ((i * 37) % 1001);
  const temperature = column((i) => (i < missing * hours ? NaN : 40 + (i % 30)));
  return {
    rows: hours,
    columns: new Map([
      ['TMAX', temperature],
      ['TMIN', temperature],
      ['trips', column(trips)],
      ['prediction', column((i) => trips(i) + bias + (i % 2 === 0 ? error : -error))],
    ]),
  };
}

function decided({ bias = 0, error = 100, missing = 0, hours = HOURS, inSample = 0 }: Situation): Decision {
  const reference = new Reference(table(HOURS, 100, 0, 0), { target: 'trips', prediction: 'prediction' });
  return decide({
    ...NOTHING_ELSE,
    comparison: reference.compare(table(hours, error, bias, missing)),
    referenceHours: { all: HOURS, inSample },
  });
}

describe('decide', () => {
  it('keeps a model with an unchanged error', () => {
    expect(decided({}).decision).toBe('keep');
  });

  it.for([
    [124, 'keep'],
    [126, 'watch'],
    [151, 'retrain'],
    [301, 'alert'],
  ] as const)('for an RMSE of %s against 100 is %s', ([error, decision]) => {
    const { decision: got, reasons } = decided({ error });
    expect(got).toBe(decision);
    expect(reasons.join('\n')).toContain(
      `RMSE is ${error}, on reference 100, ratio ${(error / 100).toFixed(2)}`,
    );
  });

  it('names small errors so that they agree with their ratio', () => {
    const { reasons } = decided({ error: 2.6449 });
    expect(reasons.join('\n')).toContain('RMSE is 2.64, on reference 100, ratio 0.03');
  });

  it('retrains a model that is a tenth too low', () => {
    const { decision, reasons } = decided({ bias: -110, error: 50 });
    expect(decision).toBe('retrain');
    expect(reasons[0]).toMatch(/predictions are 110 per hour below the actual trips on average, 1\d\.\d %/);
  });

  it('alerts and does not retrain when a tenth of the values is missing, however wrong the model', () => {
    // 30 % of each of 2 of the 4 columns are 15 %.
    const { decision, reasons } = decided({ missing: 0.3, error: 200 });
    expect(decision).toBe('alert');
    expect(reasons[0]).toBe(
      '15.0 % of the values of current are missing (TMAX, TMIN); watch from 2.0 %, alert from 10.0 %',
    );
  });

  it('alerts when a column is empty', () => {
    expect(decided({ missing: 1 }).reasons.join()).toContain('TMAX: no value in current');
  });

  it('does not compare errors with those of the training hours', () => {
    const { decision, reasons } = decided({ error: 200, inSample: 7 });
    expect(decision).toBe('keep');
    expect(reasons.join()).toContain('trained on 7 of the 400 hours of reference');
  });

  it('does not judge errors of less than two weeks', () => {
    const { decision, reasons } = decided({ error: 200, hours: 335 });
    expect(decision).toBe('keep');
    expect(reasons.join()).toContain('not judged: only 335 hours, expected at least 336');
  });

  it('ignores drifted predictions of a model with an unchanged error', () => {
    const { decision, reasons } = shiftedBy400(HOURS);
    expect(decision).toBe('keep');
    expect(reasons.join()).toMatch(/prediction drift .* not judged, because the errors are known/);
  });

  it('watches drifted predictions while too few trips are known to judge them', () => {
    const { decision, reasons } = shiftedBy400(300);
    expect(decision).toBe('watch');
    expect(reasons[0]).toContain('prediction drift');
  });
});

/** Trips and predictions are both 400 higher than in reference. */
function shiftedBy400(hours: number): Decision {
  const reference = new Reference(table(HOURS, 100, 0, 0), { target: 'trips', prediction: 'prediction' });
  const current = table(hours, 100, 0, 0);
  const up = (name: string): [string, Column] => [
    name,
    {
      type: 'num',
      values: (current.columns.get(name)!.values as Float64Array).map((value) => value + 400),
    },
  ];
  const columns = new Map([...current.columns, up('trips'), up('prediction')]);
  return decide({ ...NOTHING_ELSE, comparison: reference.compare({ rows: hours, columns }) });
}

const WEEK = {
  ...{ from: '2025-03-03', to: '2025-03-09', hours: 168, yearBefore: null, asYearBefore: false },
  ...{ level: 0.01, z: 0.2, threshold: 0.1, coverage: 0.9, findings: [], alarm: false },
} as const;
const WEEKS = ['2025-W10', '2025-W11', '2025-W12', '2025-W13'];

function finding(kind: WeekFindingKind): Partial<ResidualWeek> {
  const column = kind === 'stuck_sensor' ? 'TMAX' : 'trips';
  return { level: -0.2, findings: [{ kind, column, text: 'is odd' }], alarm: true };
}

interface Month {
  /** Differences from a quiet week. */
  readonly weeks?: readonly Partial<ResidualWeek>[];
  readonly cusum?: ResidualComparison['cusum']['alarm'];
  readonly earlier?: DecisionInput['earlier'];
  /** Weeks of earlier checks. */
  readonly weeksBefore?: ResidualComparison['earlier'];
}

function decidedByWeeks({ weeks = [], cusum = null, earlier = [], weeksBefore = [] }: Month): Decision {
  const same = table(HOURS, 100, 0, 0);
  return decide({
    ...NOTHING_ELSE,
    ...{ month: '2025-03', earlier },
    comparison: new Reference(same, { target: 'trips', prediction: 'prediction' }).compare(same),
    likeWithLike: {
      reference: { weeks: 50, centre: 0, deviation: 0.04 },
      earlier: weeksBefore,
      weeks: WEEKS.map((week, i) => ({ ...WEEK, week, ...weeks[i] })),
      cusum: { before: { weeks: 0, up: 0, down: 0 }, steps: [], alarm: cusum },
    },
  });
}

describe('decide, week by week', () => {
  it('keeps while every week is as its season and weather explain', () => {
    const { decision, reasons } = decidedByWeeks({});
    expect(decision).toBe('keep');
    expect(reasons.join('\n')).toContain('0 of 4 weeks differ from what season and weather explain');
  });

  it.for([
    [1, 'watch'],
    [2, 'watch'],
    [3, 'retrain'],
  ] as const)('for %s weeks off their level is %s', ([count, decision]) => {
    const weeks = Array.from({ length: count }, () => finding('level_shift'));
    expect(decidedByWeeks({ weeks }).decision).toBe(decision);
  });

  it('retrains for a slow change, and names its start and size', () => {
    const alarm = { week: '2025-W13', direction: 'up', since: '2025-W11' } as const;
    const { decision, reasons } = decidedByWeeks({ cusum: alarm });
    expect(decision).toBe('retrain');
    // The change is e^0.01 − 1.
    expect(reasons[0]).toContain(
      'trips have been 1.0 % above what season and weather explain since 2025-W11',
    );
  });

  it('counts the weeks of earlier checks in which a slow change began', () => {
    const alarm = { week: '2025-W10', direction: 'up', since: '2025-W08' } as const;
    const weeksBefore = ['2025-W07', '2025-W08', '2025-W09'].map((week) => ({ week, level: 0.1, z: 2 }));
    const { reasons } = decidedByWeeks({ cusum: alarm, weeksBefore });
    // Two weeks of 0.1 and four of 0.01 give e^0.04 − 1.
    expect(reasons[0]).toContain(
      'trips have been 4.1 % above what season and weather explain since 2025-W08',
    );
  });

  it('alerts and does not retrain when a sensor is stuck, and names week and column', () => {
    const weeks = [finding('stuck_sensor'), ...Array.from({ length: 3 }, () => finding('level_shift'))];
    const { decision, reasons } = decidedByWeeks({ weeks });
    expect(decision).toBe('alert');
    expect(reasons[0]).toContain('2025-W10: stuck_sensor, TMAX is odd');
  });

  it.for([
    [0.81, 'keep'],
    [0.79, 'watch'],
    [0.69, 'retrain'],
  ] as const)('for intervals that cover %s is %s', ([coverage, decision]) => {
    const weeks = WEEKS.map(() => ({ coverage }));
    expect(decidedByWeeks({ weeks }).decision).toBe(decision);
  });

  it('retrains in the second consecutive month of watching, and names the months', () => {
    const { decision, reasons } = decidedByWeeks({
      weeks: [finding('level_shift')],
      earlier: [{ month: '2025-02', decision: 'watch' }],
    });
    expect(decision).toBe('retrain');
    expect(reasons[0]).toBe('watched 2 months in a row (2025-02, 2025-03); retrain from 2');
  });

  it.for([
    [
      'a month between that was kept',
      [
        ['2025-01', 'watch'],
        ['2025-02', 'keep'],
      ],
    ],
    ['a month between that was not checked', [['2025-01', 'watch']]],
    [
      'later months, and the month itself',
      [
        ['2025-03', 'watch'],
        ['2025-04', 'watch'],
      ],
    ],
  ] as const)('only watches again after %s', ([, months]) => {
    const earlier = months.map(([month, decision]) => ({ month, decision }));
    expect(decidedByWeeks({ weeks: [finding('level_shift')], earlier }).decision).toBe('watch');
  });

  it('keeps after a watched month when nothing is unusual any more', () => {
    const earlier = [{ month: '2025-02', decision: 'watch' }] as const;
    expect(decidedByWeeks({ earlier }).decision).toBe('keep');
  });

  it('counts the month before January in the year before', () => {
    const same = table(HOURS, 100, 0.06 * 1000 + 10, 0);
    const reference = new Reference(table(HOURS, 100, 0, 0), { target: 'trips', prediction: 'prediction' });
    const { evidence } = decide({
      ...NOTHING_ELSE,
      ...{ month: '2025-01', earlier: [{ month: '2024-12', decision: 'watch' }] },
      comparison: reference.compare(same),
    });
    expect(evidence[0]).toMatchObject({ rule: 'earlier_months', decision: 'retrain', value: 2 });
  });
});
