import { describe, expect, it } from 'vitest';
import { Reference } from '../../../core/drift/compare.ts';
import { decide, type Decision } from '../../../core/drift/decision.ts';
import type { Column, Table } from '../../../core/drift/table.ts';

const HOURS = 400;

interface Situation {
  /** Added to every prediction of current. */
  readonly bias?: number;
  /** Error of current in turns of + and −; that of reference is 100. */
  readonly error?: number;
  /** Share of current's temperatures that are missing; 2 of its 4 columns have them. */
  readonly missing?: number;
  readonly hours?: number;
  readonly inSample?: number;
}

/** Trips run from 500 to 1500; predictions are off by `error` in turns of + and −. */
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
    whole: reference.compare(table(hours, error, bias, missing)),
    predictionColumn: 'prediction',
    referenceHours: { all: HOURS, inSample },
  });
}

describe('decide', () => {
  it('keeps a model that errs as it did', () => {
    expect(decided({}).decision).toBe('keep');
  });

  it.for([
    [124, 'keep'],
    [126, 'watch'],
    [151, 'retrain'],
    [301, 'alert'],
  ] as const)('of an RMSE of %s against 100 says %s', ([error, decision]) => {
    const { decision: got, reasons } = decided({ error });
    expect(got).toBe(decision);
    expect(reasons.join('\n')).toContain(
      `RMSE ${error} against 100 on reference, ratio ${(error / 100).toFixed(2)}`,
    );
  });

  it('retrains a model that is a tenth too low', () => {
    const { decision, reasons } = decided({ bias: -110, error: 50 });
    expect(decision).toBe('retrain');
    expect(reasons[0]).toMatch(/predictions are 110 an hour below the truth on average, 1\d\.\d %/);
  });

  it('alerts and does not retrain when a tenth of the values is missing, however wrong the model', () => {
    // 2 of 4 columns, 30 % of each: 15 %.
    const { decision, reasons } = decided({ missing: 0.3, error: 200 });
    expect(decision).toBe('alert');
    expect(reasons[0]).toBe(
      '15.0 % of the values of current are missing (TMAX, TMIN); watched from 2.0 %, alert from 10.0 %',
    );
  });

  it('alerts when a column is empty', () => {
    expect(decided({ missing: 1 }).reasons.join()).toContain('TMAX: no value in current');
  });

  it('does not hold errors against those that the model made on its own training hours', () => {
    const { decision, reasons } = decided({ error: 200, inSample: 7 });
    expect(decision).toBe('keep');
    expect(reasons.join()).toContain('fitted on 7 of the 400 hours of reference');
  });

  it('does not judge errors of less than two weeks', () => {
    const { decision, reasons } = decided({ error: 200, hours: 335 });
    expect(decision).toBe('keep');
    expect(reasons.join()).toContain('not judged: 335 hours, fewer than 336');
  });

  it('watches when predictions drifted although errors did not grow', () => {
    const reference = new Reference(table(HOURS, 100, 0, 0), { target: 'trips', prediction: 'prediction' });
    const shifted = table(HOURS, 100, 0, 0);
    const up = (name: string): [string, Column] => [
      name,
      {
        type: 'num',
        values: (shifted.columns.get(name)!.values as Float64Array).map((value) => value + 400),
      },
    ];
    const columns = new Map([...shifted.columns, up('trips'), up('prediction')]);
    const { decision, reasons } = decide({
      whole: reference.compare({ rows: HOURS, columns }),
      predictionColumn: 'prediction',
      referenceHours: { all: HOURS, inSample: 0 },
    });
    expect(decision).toBe('watch');
    expect(reasons[0]).toContain('prediction drift');
  });
});
