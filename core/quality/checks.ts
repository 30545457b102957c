/**
 * Lists the checks of a month. Each check computes one number from the measures, which the rules (inputs/quality.yaml) compare with bounds.
 *
 * These checks correspond to Evidently's data quality and data integrity tests:
 *
 * | Evidently                                                                      | check                                                       |
 * | ------------------------------------------------------------------------------ | ----------------------------------------------------------- |
 * | TestNumberOfRows                                                               | trips, missing_hours, trips_change                          |
 * | TestNumberOfColumns, TestColumnsType                                           | schema_changes (an unknown header is rejected before)       |
 * | TestNumberOfMissingValues, TestNumberOfRowsWithMissingValues and their shares  | missing_cells                                               |
 * | TestAllColumnsShareOfMissingValues, TestColumnShareOfMissingValues             | missing_cells, missing_station_share                        |
 * | TestNumberOfEmptyColumns                                                       | empty_columns                                               |
 * | TestNumberOfEmptyRows, TestColumnRegExp                                        | unparsable_share (a row without readable times is rejected) |
 * | TestNumberOfConstantColumns, TestColumnAllConstantValues                       | constant_columns                                            |
 * | TestMostCommonValueShare, TestAllColumnsMostCommonValueShare                   | most_common_trips_share                                     |
 * | TestNumberOfDuplicatedRows, TestColumnAllUniqueValues                          | duplicate_share, identical_legacy_share, repeated_hours     |
 * | TestNumberOfDuplicatedColumns                                                  | equal_columns                                               |
 * | TestColumnValueMin, TestColumnValueMax, TestValueRange                         | least_trips_an_hour, most_trips_an_hour, days_outside_month |
 * | TestNumberOfOutRangeValues, TestShareOfOutRangeValues                          | not_positive_share, too_long_share, impossible_hours        |
 * | TestColumnValueMean, TestColumnValueMedian, TestColumnQuantile                 | mean_minutes, median_minutes                                |
 * | TestMeanInNSigmas                                                              | mean_trips_sigmas                                           |
 * | TestValueList, TestNumberOfOutListValues, TestShareOfOutListValues             | unknown_member_share, unknown_bike_share                    |
 * | TestCatColumnsOutOfListValues                                                  | new_categories, vanished_categories                         |
 * | TestCategoryShare, TestCategoryCount                                           | largest_category_shift                                      |
 * | TestHighlyCorrelatedColumns, TestCorrelationChanges                            | correlation_change, equal_columns                           |
 * | TestConflictTarget                                                             | parts_above_total, unaccounted_rows                         |
 * | DataQualityPreset; TestColumnValueStd, TestNumberOfUniqueValues                | the report's `measures`, shown as tables and charts         |
 *
 * Tests about a prediction (TestTargetPredictionCorrelation, TestConflictPrediction, ...) belong to drift, which has regression quality.
 */
import { ARCHIVE_CHECKS } from './archive-checks.ts';
import type { Check } from './check.ts';
import { HOUR_CHECKS } from './hour-checks.ts';
import { MONTH_BEFORE_CHECKS } from './month-before-checks.ts';

/** Lists all checks in the order of the report. */
export const CHECKS = {
  ...ARCHIVE_CHECKS,
  ...HOUR_CHECKS,
  ...MONTH_BEFORE_CHECKS,
} as const satisfies Record<string, Check>;

export type CheckName = keyof typeof CHECKS;
export const CHECK_NAMES = Object.keys(CHECKS) as CheckName[];
