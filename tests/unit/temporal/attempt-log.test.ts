import { expect, it } from 'vitest';
import { AttemptLog } from '../../../adapters/temporal/attempt-log.ts';

it('keeps start and end of a log beyond 4 MB, and names the number of omitted lines', () => {
  const parts = new Map<number, string>();
  const log = new AttemptLog((part, text) => parts.set(part, text));
  for (let i = 0; i < 6_000; i += 1) log.add(`line ${i} ${'x'.repeat(1_000)}`);
  log.end();
  const text = [...parts.values()].join('');
  const omitted = Number(/^\.\.\. (\d+) lines omitted \.\.\.$/m.exec(text)?.[1]);
  expect(text.trimEnd().split('\n').length - 1 + omitted).toBe(6_000);
  expect(text).toContain('line 0 ');
  expect(text).toContain('line 5999 ');
  expect(text.length).toBeLessThan(4.6e6);
});
