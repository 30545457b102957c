/** Says why a check of a month has no value. */
import { ARCHIVE_CHECK_NAMES, MONTH_BEFORE_CHECK_NAMES } from '../../../../../contracts/quality-checks.ts';
import type { QualityReport } from './quality-report.ts';

const NEEDS_ARCHIVE: readonly string[] = ARCHIVE_CHECK_NAMES;
const NEEDS_MONTH_BEFORE: readonly string[] = MONTH_BEFORE_CHECK_NAMES;

export function whyUnknown(check: string, { previousMonth, measures }: QualityReport): string {
  if (NEEDS_MONTH_BEFORE.includes(check)) {
    return previousMonth === null || previousMonth === undefined
      ? 'No whole month before this one was stored when it was checked. Ingest both to compare them.'
      : `This month or ${previousMonth} lacks what the check compares.`;
  }
  if (NEEDS_ARCHIVE.includes(check)) {
    if (!measures?.archives) return 'The source has processed hours and no archive of rides.';
    if (check === 'median_minutes' && !measures.archives.minutes)
      return 'The month has several archives, whose medians cannot be combined.';
    return 'The archives lack the column that the check reads.';
  }
  return measures?.hours
    ? 'The hours lack the column that the check reads.'
    : 'No hour of the month was read.';
}
