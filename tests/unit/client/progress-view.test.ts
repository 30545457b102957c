import { expect, test } from 'vitest';
import { ProgressView, type StepNode } from '../../../client/progress-view.ts';

function capture(): { lines: () => string[]; stream: NodeJS.WriteStream } {
  let text = '';
  const stream = { isTTY: false, write: (chunk: string) => (text += chunk) } as unknown as NodeJS.WriteStream;
  return {
    stream,
    lines: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => line.replace(/^\[[^\]]+\] /, '')),
  };
}

const node = (name: string, state: StepNode['state'], extra: Partial<StepNode> = {}): StepNode => ({
  name,
  state,
  seconds: undefined,
  note: '',
  children: [],
  ...extra,
});

test('a log shows each change once, and children between the start and the end of their parent', () => {
  const { stream, lines } = capture();
  const view = new ProgressView(stream);
  view.draw([node('ingest', 'running'), node('training', 'pending')]);
  view.draw([node('ingest', 'running', { children: [node('list', 'done')] }), node('training', 'pending')]);
  view.draw([node('ingest', 'running', { children: [node('list', 'done')] }), node('training', 'pending')]);
  view.draw([node('ingest', 'cached', { children: [node('list', 'done')] }), node('training', 'running')]);
  expect(lines()).toEqual(['▸ ingest', '✓ ingest.list', '✓ ingest cached', '▸ training']);
});
