import { expect, test } from 'vitest';
import { findSteps } from '../../../client/find-steps.ts';

const STEPS = [
  { id: '1', name: 'resolveDataset' },
  { id: '5', name: 'trainModel' },
  { id: '11', name: 'trainModel' },
  { id: '7', name: 'training', childWorkflowId: 'demo-1-training' },
];

test.each([
  ['5', ['5']],
  ['1', ['1']],
  ['trainModel', ['5', '11']],
  ['training', ['7']],
  ['train', ['5', '11', '7']],
  ['Dataset', ['1']],
  ['deploy', []],
])('%s means the steps %j', (wanted, ids) => {
  expect(findSteps(STEPS, wanted).map(({ id }) => id)).toEqual(ids);
});
