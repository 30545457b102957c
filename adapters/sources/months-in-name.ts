/** Finds the months that a published name stands for. */
import type { MonthSpan } from '../../contracts/months.ts';
import path from 'node:path';

const MONTH = /(?:^|\D)(20\d{2})[-_ ]?(0[1-9]|1[0-2])(?!\d)/;
const QUARTERS = /(?:^|\D)(20\d{2})[-_ ]?q([1-4])(?:[-_ ]?q([1-4]))?(?!\d)/i;
const YEAR = /(?:^|\D)(20\d{2})(?!\d)/;

/**
 * Returns January 2023 for `2023-tripdata/202301-tripdata_1.csv`, three months for `2017_Q1`, six for `2014_Q1Q2`, and twelve
 * for a name with a year alone. Undefined for other names.
 */
export function monthsInName(name: string): MonthSpan | undefined {
  const base = path.posix.basename(name);
  const month = MONTH.exec(base);
  if (month) return { from: `${month[1]}-${month[2]}`, to: `${month[1]}-${month[2]}` };
  const quarters = QUARTERS.exec(base);
  if (quarters) {
    const [, year, first, last = first] = quarters;
    return { from: monthOf(year!, Number(first) * 3 - 2), to: monthOf(year!, Number(last) * 3) };
  }
  const year = YEAR.exec(base);
  return year ? { from: `${year[1]}-01`, to: `${year[1]}-12` } : undefined;
}

function monthOf(year: string, month: number): string {
  return `${year}-${String(month).padStart(2, '0')}`;
}

export function isOneMonth({ from, to }: MonthSpan): boolean {
  return from === to;
}

export function holdsMonth({ from, to }: MonthSpan, month: string): boolean {
  return from <= month && month <= to;
}
