/** What cannot be trained on, found before a network is: each is an error that no retry mends. */
import { monthsOf } from '../../contracts/calendar.ts';
import { CitibikeError } from '../../contracts/errors.ts';
import type { FrameRow } from '../../contracts/frame.ts';
import { type MonthSpan } from '../../contracts/months.ts';

/** A week of hours: fewer do not show each weekday once. */
const LEAST_ROWS = 168;

/**
 * @throws CitibikeError TRAINING_FAILED when there are too few rows, the target is constant, or a number is not finite.
 */
export function checkRows(rows: readonly FrameRow[]): void {
  if (rows.length < LEAST_ROWS) {
    throw new CitibikeError(
      'TRAINING_FAILED',
      `the training frame has ${rows.length} hours, at least ${LEAST_ROWS} are needed: train on more months`,
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
      `every hour of the training frame has ${rows[0]!.trips} trips: there is nothing to learn from a constant`,
    );
  }
}

/** @throws CitibikeError TRAINING_FAILED naming every month of the span in which nobody rode. */
export function checkMonths(rows: readonly FrameRow[], span: MonthSpan): void {
  const ridden = new Set(rows.filter(({ trips }) => trips > 0).map(({ date }) => date.slice(0, 7)));
  const empty = monthsOf(span).filter((month) => !ridden.has(month));
  if (empty.length > 0) {
    throw new CitibikeError(
      'TRAINING_FAILED',
      `the training frame has no trips in ${empty.join(', ')}: ingest ${empty.length > 1 ? 'these months' : 'this month'} again, or train on a span without`,
      { months: empty },
    );
  }
}
