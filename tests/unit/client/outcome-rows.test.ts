import { describe, expect, it } from 'vitest';
import { labelledLines } from '../../../client/labelled-lines.ts';
import { outcomeRows } from '../../../client/outcome-rows.ts';
import { contract } from '../../../contracts/workflows/training.ts';

const RESULT = {
  ...{ model: 'citibike-trips', version: '3', runId: 'r', backend: 'native', seconds: 41.6 },
  metrics: { rows: 2159, rmse: 717.4, mae: 498, r2: 0.938, bias: 12.5, mape: 18, coverage: 0.893 },
  naive: { rmse: 1_325 },
  promotion: { promote: false, reason: 'RMSE 717 is not 10 % below 700', champion: '2', championRmse: 700 },
};

describe('the summary of a run', () => {
  it('has the words and figures of the contract', () => {
    const rows = outcomeRows('training', RESULT);
    const { summary, facts } = contract.outcome!(RESULT, {});
    expect(rows).toEqual([['outcome', summary], ...facts.map(({ name, value }) => [name, value])]);
    expect(labelledLines(rows, undefined)).toEqual(
      expect.arrayContaining([
        '  outcome          Trained version 3 of citibike-trips. It was not promoted. RMSE 717 is not 10 % below 700.',
        '  test RMSE        717.4 trips/h',
        '  coverage (90 %)  89.3 %',
      ]),
    );
  });

  it('names artifacts by address, child runs, and the command that draws a forecast', () => {
    const artifact = { uri: 's3://x/drift.html' };
    const check = {
      decision: 'retrain',
      html: artifact,
      retraining: { workflowId: 'm-retraining', version: '4' },
    };
    expect(outcomeRows('monitoring', check)).toEqual(
      expect.arrayContaining([
        ['drift report', 's3://x/drift.html'],
        ['child run', 'm-retraining'],
      ]),
    );
    const issue = { system: 'nyc', model: 'm', version: '3', issuedAt: '2026-11-30T06:08:23.000Z' };
    expect(outcomeRows('forecast', issue).at(-1)).toEqual(['chart', 'npx citibike forecast']);
  });

  it('is empty for a workflow without result', () => {
    expect(outcomeRows('notification', null)).toEqual([]);
  });
});

it('wraps a text below its label, and leaves it alone where the terminal is very narrow', () => {
  const rows = [['outcome', 'one two three four five six seven eight nine ten eleven']] as const;
  expect(labelledLines(rows, 56)).toEqual([
    '  outcome  one two three four five six seven eight nine',
    '           ten eleven',
  ]);
  expect(labelledLines(rows, 30)).toHaveLength(1);
});
