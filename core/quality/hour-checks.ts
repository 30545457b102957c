/** Defines the checks of a month's hours. */
import { check, measured, named, namesFound, type Check } from './check.ts';
import { MEASURED_COLUMNS } from './measures.ts';

export const HOUR_CHECKS = {
  trips: check('trips of the month', 'count', ({ current }) => measured(current.trips)),
  missing_hours: check('hours of the month without a row', 'count', ({ current: { hours } }) =>
    hours ? { value: hours.missing, ...named(hours.missingNamed) } : undefined,
  ),
  impossible_hours: check('rows with hours outside the month', 'count', ({ current }) =>
    measured(current.hours?.impossible),
  ),
  repeated_hours: check('further rows of an hour', 'count', ({ current }) =>
    measured(current.hours?.repeated),
  ),
  zero_hours_share: check('hours without a trip', 'share', ({ current: { hours } }) =>
    hours ? { value: hours.zero / hours.expected } : undefined,
  ),
  longest_zero_run: check('longest run of hours without a trip', 'count', ({ current }) =>
    measured(current.hours?.longestZeroRun),
  ),
  least_trips_an_hour: check('fewest trips in an hour', 'count', ({ current }) =>
    measured(current.columns.trips?.min),
  ),
  most_trips_an_hour: check('most trips in an hour', 'count', ({ current }) =>
    measured(current.columns.trips?.max),
  ),
  most_common_trips_share: check(
    'share of hours with the most frequent number of trips',
    'share',
    ({ current }) => measured(current.columns.trips?.mostCommonShare),
  ),
  missing_cells: check('missing cells in columns with values', 'count', ({ current }) =>
    current.hours
      ? {
          value: MEASURED_COLUMNS.reduce((sum, column) => sum + (current.columns[column]?.missing ?? 0), 0),
        }
      : undefined,
  ),
  empty_columns: check('columns without any value', 'count', ({ current }) =>
    // Externally processed hours contain only trips.
    current.hours && current.archives
      ? namesFound(MEASURED_COLUMNS.filter((column) => current.columns[column] === null))
      : undefined,
  ),
  constant_columns: check('columns with a single value', 'count', ({ current }) =>
    current.hours
      ? namesFound(MEASURED_COLUMNS.filter((column) => current.columns[column]?.distinct === 1))
      : undefined,
  ),
  equal_columns: check('pairs of columns that are equal in every hour', 'count', ({ current }) =>
    current.hours ? namesFound(current.equalColumns) : undefined,
  ),
  parts_above_total: check('hours in which the kinds of trips exceed all trips', 'count', ({ current }) =>
    current.hours ? { value: current.partsAboveTotal } : undefined,
  ),
} as const satisfies Record<string, Check>;
