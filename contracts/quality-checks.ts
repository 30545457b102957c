/** Names the checks of a month by what they need, so that a page can say why one has no value. */

/** Checks that need an archive of rides. */
export const ARCHIVE_CHECK_NAMES = [
  'unaccounted_rows',
  'rejected_share',
  'unparsable_share',
  'not_positive_share',
  'too_long_share',
  'duplicate_share',
  'identical_legacy_share',
  'missing_station_share',
  'days_outside_month',
  'median_minutes',
  'mean_minutes',
  'unknown_member_share',
  'unknown_bike_share',
] as const;

/** Checks that compare a month with the month before. */
export const MONTH_BEFORE_CHECK_NAMES = [
  'trips_change',
  'rejected_share_change',
  'mean_minutes_change',
  'median_minutes_change',
  'mean_trips_sigmas',
  'new_categories',
  'vanished_categories',
  'largest_category_shift',
  'schema_changes',
  'correlation_change',
] as const;
