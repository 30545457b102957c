/** Tests that commands reject wrong dates and months by name, with the expected form, before they call any server. */
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { decisionsCommand } from '../../../client/commands/decisions.ts';
import { exploreCommand } from '../../../client/commands/explore.ts';
import { qualityCommand } from '../../../client/commands/quality.ts';
import { runsCommand } from '../../../client/commands/runs.ts';
import { sampleCommand } from '../../../client/commands/sample.ts';
import { checkedDate, checkedSpan } from '../../../contracts/checked-dates.ts';

const NOT_MONTHS = ['2025-13', '2025-00', '2025-1', '01/2025', '2025-02-01', ''];
const NOT_DAYS = ['2025-02-30', '2100-02-29', '2025-2-3', '01/02/2025', '2025-02-03T00:00', '20250203', ''];

const COMMANDS: readonly [string, () => Command | Promise<Command>, string, readonly string[]][] = [
  ['decisions', decisionsCommand, '--month', []],
  ['quality', qualityCommand, '--month', []],
  ['runs', runsCommand, '--month', []],
  ['explore', exploreCommand, '--from', ['--to', '2025-03']],
  ['explore', exploreCommand, '--to', ['--from', '2025-01']],
  ['sample', sampleCommand, '--from', ['--out', '/nowhere']],
  ['sample', sampleCommand, '--to', ['--out', '/nowhere']],
];

describe.each(COMMANDS)('%s', (_name, command, option, others) => {
  it.each(NOT_MONTHS)(`${option} %j`, async (month) => {
    await expect(
      (await command()).parseAsync([...others, option, month], { from: 'user' }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(
        new RegExp(`^${option}: got .*, expected a month as YYYY-MM$`),
      ) as string,
    });
  });
});

it.each([
  ['explore', exploreCommand, ['--from', '2025-02', '--to', '2025-01']],
  ['sample', sampleCommand, ['--from', '2025-02', '--to', '2025-01', '--out', '/nowhere']],
  // The default of --to is 2025-03.
  ['sample', sampleCommand, ['--from', '2025-04', '--out', '/nowhere']],
])('%s rejects a span that ends before it starts', async (_name, command, options) => {
  await expect((await command()).parseAsync(options, { from: 'user' })).rejects.toThrow(
    /^--to: got 2025-0[13], expected a month not before --from 2025-0[24]$/,
  );
});

it.each(NOT_DAYS)('rejects the day %j', (day) => {
  expect(() => checkedDate('day', '--to', day)).toThrow(/^--to: got .*, expected a day as YYYY-MM-DD$/);
});

it('accepts leap days, open spans and spans of one day', () => {
  expect(checkedDate('day', '--to', '2024-02-29')).toBe('2024-02-29');
  expect(checkedSpan('day', { from: '2024-02-29', to: undefined }).from).toBe('2024-02-29');
  expect(checkedSpan('day', { from: '2024-02-29', to: '2024-02-29' }).to).toBe('2024-02-29');
});
