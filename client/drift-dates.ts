/** Reads the dates of a table's rows, for `citibike drift --by week`. */
import { CitibikeError } from '../contracts/errors.ts';
import { showValue } from '../contracts/show-value.ts';
import { epochDayOf } from '../contracts/calendar.ts';
import { columnMissing, type DriftTable } from './drift-columns.ts';
import { DATE_COLUMNS, type DriftOptions } from './drift-options.ts';

/** Matches a time of day, which does not move a row to another week. A zone could, so none is accepted. */
const TIME = /^[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?$/;

/**
 * @returns `YYYY-MM-DD` of each row.
 * @throws CitibikeError INVALID_INPUT naming file, column and row.
 */
export function datesOf(current: DriftTable, options: DriftOptions): string[] {
  const name =
    options.date ??
    DATE_COLUMNS.find((candidate) => current.columns.has(candidate)) ??
    current.leftOut?.find((column) => DATE_COLUMNS.includes(column.name))?.name;
  if (name === undefined) {
    throw new CitibikeError(
      'INVALID_INPUT',
      `--by week needs a date column in ${options.current}: name it with --date`,
    );
  }
  const column = current.columns.get(name) ?? columnMissing('--date', name, options.current, current);
  const known = new Map<unknown, string | undefined>();
  return Array.from(column.values, (value, row) => {
    if (!known.has(value)) known.set(value, dateIn(value));
    const date = known.get(value);
    if (date !== undefined) return date;
    throw new CitibikeError(
      'INVALID_INPUT',
      `${options.current}, column ${showValue(name)}, row ${row + 1}: got ${showValue(value)}, expected a date as YYYY-MM-DD, or with a time as YYYY-MM-DDTHH:MM[:SS] without a zone`,
    );
  });
}

function dateIn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const date = value.slice(0, 10);
  if (value.length > 10 && !TIME.test(value.slice(10))) return undefined;
  try {
    epochDayOf(date);
    return date;
  } catch {
    return undefined;
  }
}
