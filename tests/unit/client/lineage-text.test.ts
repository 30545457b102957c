import { expect, test } from 'vitest';
import { lineageTree } from '../../../client/lineage-text.ts';

const node = (uri: string, step: string | null) => ({ uri, step, workflowId: null });

const LINEAGE = {
  nodes: [
    node('model', 'train'),
    node('frame', 'frame'),
    node('month', 'preprocess'),
    node('zip', null),
    node('report', 'evaluate'),
  ],
  edges: [
    ['frame', 'model'],
    ['month', 'frame'],
    ['zip', 'month'],
    ['model', 'report'],
    ['month', 'model'],
  ] as const,
  complete: true,
};

test('a tree leads from a model back to the archive, and expands repeated artifacts once', () => {
  expect(lineageTree('model', LINEAGE, 'up')).toBe(
    [
      'model  [train]',
      '  frame  [frame]',
      '    month  [preprocess]',
      '      zip',
      '  month  [preprocess]  (above)',
      '',
    ].join('\n'),
  );
});

test('downwards a tree leads to the artifacts made from the root', () => {
  expect(lineageTree('zip', LINEAGE, 'down')).toContain(
    '\n      model  [train]\n        report  [evaluate]\n',
  );
});

test('a truncated tree says so', () => {
  expect(lineageTree('zip', { ...LINEAGE, complete: false }, 'up')).toContain('the lineage continues');
});
