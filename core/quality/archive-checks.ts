/** Defines the checks of a month's archives. */
import { daysOf, epochDayOf, isDay } from '../../contracts/calendar.ts';
import type { ARCHIVE_CHECK_NAMES } from '../../contracts/quality-checks.ts';
import { unknownShare } from './categories.ts';
import { check, measured, rejectedOf, shareOf, type Check, type Measured } from './check.ts';
import { MEDIAN_INDEX, type ArchiveMeasures, type MonthMeasures } from './measures.ts';

export const ARCHIVE_CHECKS = {
  unaccounted_rows: check('rows that are neither kept nor rejected nor duplicates', 'count', ({ current }) =>
    ofArchives(current, (a) => Math.abs(a.rows - a.kept - rejectedOf(a) - a.duplicates)),
  ),
  rejected_share: check('rows rejected by any rule', 'share', ({ current }) => shareOf(current, rejectedOf)),
  unparsable_share: check('rows with an invalid time', 'share', ({ current }) =>
    shareOf(current, ({ rejected }) => rejected.unparsable_start + rejected.unparsable_end),
  ),
  not_positive_share: check('rides that end before they start', 'share', ({ current }) =>
    shareOf(current, ({ rejected }) => rejected.not_positive),
  ),
  too_long_share: check('rides longer than the rule set allows', 'share', ({ current }) =>
    shareOf(current, ({ rejected }) => rejected.too_long),
  ),
  duplicate_share: check('rows with a repeated ride_id', 'share', ({ current }) =>
    shareOf(current, (a) => a.duplicates),
  ),
  identical_legacy_share: check('identical rows without an id', 'share', ({ current }) =>
    shareOf(current, (a) => a.identicalLegacyRows),
  ),
  missing_station_share: check('rows without a start or an end station', 'share', ({ current }) =>
    shareOf(current, (a) => Math.max(a.missingStartStation, a.missingEndStation)),
  ),
  days_outside_month: check('distance of the first or last start from the month', 'days', ({ current }) =>
    ofArchives(current, (a) => daysOutside(current.month, a)),
  ),
  median_minutes: check('median duration of the kept rides', 'minutes', ({ current }) =>
    measured(current.archives?.minutes?.[MEDIAN_INDEX]),
  ),
  mean_minutes: check('mean duration of the kept rides', 'minutes', ({ current }) =>
    measured(current.meanMinutes),
  ),
  unknown_member_share: check('rows whose member type is not in the list', 'share', ({ current, known }) =>
    unknownShare(current.archives?.memberTypes, known.memberTypes),
  ),
  unknown_bike_share: check('rows whose bike type is not in the list', 'share', ({ current, known }) =>
    unknownShare(current.archives?.bikeTypes, known.bikeTypes),
  ),
} as const satisfies Record<(typeof ARCHIVE_CHECK_NAMES)[number], Check>;

function ofArchives({ archives }: MonthMeasures, pick: (archives: ArchiveMeasures) => number): Measured {
  return archives ? { value: pick(archives) } : undefined;
}

/** Returns the whole days by which rides start before the month's first day or after its last. */
function daysOutside(month: string, { firstStart, lastStart }: ArchiveMeasures): number {
  const { firstDay, lastDay } = daysOf({ from: month, to: month });
  const dayOf = (time: string | null) => {
    const day = time?.slice(0, 10) ?? '';
    return isDay(day) ? epochDayOf(day) : NaN;
  };
  const distances = [epochDayOf(firstDay) - dayOf(firstStart), dayOf(lastStart) - epochDayOf(lastDay)].filter(
    Number.isFinite,
  );
  return Math.max(0, ...distances);
}
