import { expect, test } from 'vitest';
import { pageBlocks } from '../../checks/docs/page-blocks.ts';

const page = [
  '# Page',
  '',
  '```sh',
  'make up',
  '```',
  '',
  '<!-- needs: internet -->',
  '',
  '```sh',
  'npx citibike systems --available',
  '```',
  '',
  '```',
  'an output',
  '```',
  '',
  '```diff',
  '-a',
  '+b',
  '```',
].join('\n');

test('a page has blocks with their language, line, text and needs', () => {
  expect(pageBlocks(page)).toEqual([
    { language: 'sh', line: 4, text: 'make up\n', needs: undefined },
    { language: 'sh', line: 10, text: 'npx citibike systems --available\n', needs: 'internet' },
    { language: 'diff', line: 18, text: '-a\n+b\n', needs: undefined },
  ]);
});

test('the mark of a page holds for blocks without their own', () => {
  const needs = pageBlocks(`<!-- this page needs: docker -->\n\n${page}`).map((block) => block.needs);
  expect(needs).toEqual(['docker', 'internet', 'docker']);
});
