/** Calendar months as `YYYY-MM`, the unit of fetching and processing. New York local time throughout. */
import { Type, type Static } from 'typebox';

export const MONTH_PATTERN = '^\\d{4}-(0[1-9]|1[0-2])$';

export const Month = Type.String({
  pattern: MONTH_PATTERN,
  description: 'a month as YYYY-MM',
  examples: ['2024-01'],
});
export type Month = Static<typeof Month>;

/** Both ends inclusive. */
export const MonthSpan = Type.Object(
  { from: Month, to: Month },
  { additionalProperties: false, description: 'a span of months, both ends inclusive' },
);
export type MonthSpan = Static<typeof MonthSpan>;

/** Months since year 0, so that arithmetic on months is arithmetic on numbers. */
function monthNumber(month: Month): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

function monthFromNumber(number: number): Month {
  const year = Math.floor(number / 12);
  return `${String(year).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** `addMonths('2024-12', 1)` is `'2025-01'`. */
export function addMonths(month: Month, count: number): Month {
  return monthFromNumber(monthNumber(month) + count);
}

/** Every month of the span, in order; empty when `to` is before `from`. */
export function monthsOf(span: MonthSpan): Month[] {
  const first = monthNumber(span.from);
  const length = monthNumber(span.to) - first + 1;
  return Array.from({ length: Math.max(0, length) }, (_, i) => monthFromNumber(first + i));
}

/** First and last day of the span as `YYYY-MM-DD`. */
export function daysOf(span: MonthSpan): { firstDay: string; lastDay: string } {
  const [year, month] = [Number(span.to.slice(0, 4)), Number(span.to.slice(5, 7))];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { firstDay: `${span.from}-01`, lastDay: `${span.to}-${String(lastDay).padStart(2, '0')}` };
}
