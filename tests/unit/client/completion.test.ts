/** Tests what a shell gets when it asks for completions: lines of `value<TAB>description`, then a directive. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const BIN = path.join(import.meta.dirname, '..', '..', '..', 'client', 'bin.mjs');

function completionsOf(...words: string[]): string[] {
  const answer = execFileSync(process.execPath, [BIN, 'complete', '--', ...words], { encoding: 'utf8' });
  return answer
    .trim()
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t')[0]!);
}

test.each([
  { words: ['appr'], completed: ['approve'] },
  { words: ['runs', '--st'], completed: ['--state'] },
  { words: ['runs', '--state', 'fa'], completed: ['failed'] },
  { words: ['run', 'mon'], completed: ['monitoring'] },
])('citibike $words', ({ words, completed }) => {
  expect(completionsOf(...words)).toEqual(completed);
});

test('prints a script that the shell can run', () => {
  const script = execFileSync(process.execPath, [BIN, 'complete', 'bash'], { encoding: 'utf8' });
  execFileSync('bash', ['-n'], { input: script });
  expect(script).toContain('citibike complete --');
});
