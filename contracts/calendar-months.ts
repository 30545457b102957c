/** Arithmetic on calendar months as `YYYY-MM`. Apart from their schemas, so that who only counts months loads no schema library. */

/** Both ends inclusive. */
interface Span {
  readonly from: string;
  readonly to: string;
}

/** Months since year 0, so that arithmetic on months is arithmetic on numbers. */
function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

function monthFromNumber(number: number): string {
  const year = Math.floor(number / 12);
  return `${String(year).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** `addMonths('2024-12', 1)` is `'2025-01'`. */
export function addMonths(month: string, count: number): string {
  return monthFromNumber(monthNumber(month) + count);
}

/** Every month of the span, in order; empty when `to` is before `from`. */
export function monthsOf(span: Span): string[] {
  const first = monthNumber(span.from);
  const length = monthNumber(span.to) - first + 1;
  return Array.from({ length: Math.max(0, length) }, (_, i) => monthFromNumber(first + i));
}

/** First and last day of the span as `YYYY-MM-DD`. */
export function daysOf(span: Span): { firstDay: string; lastDay: string } {
  const [year, month] = [Number(span.to.slice(0, 4)), Number(span.to.slice(5, 7))];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { firstDay: `${span.from}-01`, lastDay: `${span.to}-${String(lastDay).padStart(2, '0')}` };
}
