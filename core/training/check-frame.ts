/** Rejects frames that a training cannot use, before it starts. A retry does not help with any of these errors. */
import { monthsOf } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import { type MonthSpan } from '../../contracts/months.ts';

/** Is one week of hours, so that each weekday occurs. */
const LEAST_ROWS = 168;

/**
 * @throws CitibikeError TRAINING_FAILED when there are too few rows, the target is constant, or a number is not finite.
 */
export function checkRows(rows: readonly FrameRow[]): void {
  if (rows.length < LEAST_ROWS) {
    throw new CitibikeError(
      'TRAINING_FAILED',
      `the training frame has ${rows.length} hours, expected at least ${LEAST_ROWS}: train on more months`,
      { rows: rows.length },
    );
  }
  const broken = rows.find(({ trips }) => !Number.isFinite(trips));
  if (broken) {
    throw new CitibikeError(
      'TRAINING_FAILED',
      `trips of ${broken.date} ${broken.hour}:00 are ${broken.trips}, expected a number: build the frame again`,
    );
  }
  if (rows.every(({ trips }) => trips === rows[0]!.trips)) {
    throw new CitibikeError(
      'TRAINING_FAILED',
      `every hour of the training frame has ${rows[0]!.trips} trips, expected trips that vary: ingest the months again`,
    );
  }
}

/** @throws CitibikeError TRAINING_FAILED naming every month of the span without trips. */
export function checkMonths(rows: readonly FrameRow[], span: MonthSpan): void {
  const ridden = new Set(rows.filter(({ trips }) => trips > 0).map(({ date }) => date.slice(0, 7)));
  const empty = monthsOf(span).filter((month) => !ridden.has(month));
  if (empty.length > 0) {
    throw new CitibikeError(
      'TRAINING_FAILED',
      `the training frame has no trips in ${empty.join(', ')}: ingest ${empty.length > 1 ? 'these months' : 'this month'} again, or train on a span without ${empty.length > 1 ? 'them' : 'it'}`,
      { months: empty },
    );
  }
}
