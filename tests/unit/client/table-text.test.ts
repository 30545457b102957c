import { describe, expect, it } from 'vitest';
import { inputHelp } from '../../../client/input-help.ts';
import { table } from '../../../client/table-text.ts';
import { STARTABLE_WORKFLOWS } from '../../../contracts/workflows/index.ts';

const NAMES = ['run', 'rows', 'why'];
const ROWS = [
  ['demo-2026-11-30T00-22-36-655Z-training', '12,345', 'the candidate is better than the champion by 12 %'],
  ['training-1', '1', ''],
];

describe('a table', () => {
  it('is as wide as its cells without a terminal', () => {
    const lines = table(NAMES, ROWS, undefined).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toBe(ROWS[0]!.join('  '));
  });

  it.each([40, 60, 80, 120])('fits a terminal of %s columns and loses no text', (width) => {
    const text = table(NAMES, ROWS, width);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    const letters = (of: string) => of.replaceAll(/[\s-]/g, '').split('').sort().join('');
    expect(letters(text)).toBe(letters([...NAMES, ...ROWS.flat()].join('')));
  });

  it('breaks sentences before names', () => {
    expect(table(NAMES, ROWS, 80).split('\n')[2]).toBe(
      'demo-2026-11-30T00-22-36-655Z-training  12,345  the candidate is better than the',
    );
  });
});

it.each([...STARTABLE_WORKFLOWS.values()])('the help of $name fits the terminal', (workflow) => {
  const [fields] = inputHelp(workflow, 100).split('\nExample');
  for (const line of fields!.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
