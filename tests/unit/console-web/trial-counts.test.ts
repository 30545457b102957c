import { expect, test } from 'vitest';
import { trialCountsText } from '../../../console/web/src/format/trial-counts.ts';

test.each([
  [
    '4',
    ['completed', 'completed', 'pruned at rung 1', 'failed at rung 2'],
    '4 asked: 2 completed, 1 pruned, 1 failed',
  ],
  ['50', ['pruned at rung 1'], '50 asked: 1 pruned, 49 to come'],
  ['2', [], '2 asked: 2 to come'],
  [undefined, ['stopped at rung 1', null], '2 asked: 1 stopped'],
])('of %s trials %j reads %s', (asked, states, text) => {
  expect(
    trialCountsText(
      asked,
      states.map((trialState) => ({ trialState })),
    ),
  ).toBe(text);
});
