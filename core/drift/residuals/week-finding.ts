/** Defines findings about a week. */
import type { WeatherColumn } from '../../../contracts/weather-columns.ts';

/** Represents kinds of findings: first about demand, then about the data. */
export type WeekFindingKind =
  | 'level_shift'
  | 'lost_station_group'
  | 'hours_shift'
  | 'stuck_sensor'
  | 'repeated_trips'
  | 'changed_unit'
  | 'not_judged';

export interface WeekFinding {
  readonly kind: WeekFindingKind;
  /** Null if the finding concerns demand as a whole. */
  readonly column: WeatherColumn | 'trips' | null;
  /** Text that follows the name of the column: "are 12 % above ...". */
  readonly text: string;
}
