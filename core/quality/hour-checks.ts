/** Checks of a month's hours. */
import { check, measured, named, namesFound, type Check } from './check.ts';
import { MEASURED_COLUMNS } from './measures.ts';

export const HOUR_CHECKS = {
  trips: check('trips of the month', 'count', ({ current }) => measured(current.trips)),
  missing_hours: check('hours of the month without a row', 'count', ({ current: { hours } }) =>
    hours ? { value: hours.missing, ...named(hours.missingNamed) } : undefined,
  ),
  impossible_hours: check('rows of hours that do not exist in the month', 'count', ({ current }) =>
    measured(current.hours?.impossible),
  ),
  repeated_hours: check('rows of an hour that has one already', 'count', ({ current }) =>
    measured(current.hours?.repeated),
  ),
  zero_hours_share: check('hours without a trip', 'share', ({ current: { hours } }) =>
    hours ? { value: hours.zero / hours.expected } : undefined,
  ),
  longest_zero_run: check('hours in a row without a trip', 'count', ({ current }) =>
    measured(current.hours?.longestZeroRun),
  ),
  least_trips_an_hour: check('the emptiest hour', 'count', ({ current }) =>
    measured(current.columns.trips?.min),
  ),
  most_trips_an_hour: check('the fullest hour', 'count', ({ current }) =>
    measured(current.columns.trips?.max),
  ),
  most_common_trips_share: check('hours that share one number of trips', 'share', ({ current }) =>
    measured(current.columns.trips?.mostCommonShare),
  ),
  missing_cells: check('cells without a value, of columns that have any', 'count', ({ current }) =>
    current.hours
      ? {
          value: MEASURED_COLUMNS.reduce((sum, column) => sum + (current.columns[column]?.missing ?? 0), 0),
        }
      : undefined,
  ),
  empty_columns: check('columns of the hours without any value', 'count', ({ current }) =>
    // Processed hours of others never had more than their trips.
    current.hours && current.archives
      ? namesFound(MEASURED_COLUMNS.filter((column) => current.columns[column] === null))
      : undefined,
  ),
  constant_columns: check('columns of the hours with one value throughout', 'count', ({ current }) =>
    current.hours
      ? namesFound(MEASURED_COLUMNS.filter((column) => current.columns[column]?.distinct === 1))
      : undefined,
  ),
  equal_columns: check('pairs of columns equal in every hour', 'count', ({ current }) =>
    current.hours ? namesFound(current.equalColumns) : undefined,
  ),
  parts_above_total: check('hours whose parts are more than their whole', 'count', ({ current }) =>
    current.hours ? { value: current.partsAboveTotal } : undefined,
  ),
} as const satisfies Record<string, Check>;
