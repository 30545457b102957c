/** What is odd about a week, and its name. */
import type { WeatherColumn } from '../../../contracts/weather-columns.ts';

/** In rising detail: what the demand does, then what is wrong with the data. */
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
  /** null where it is about demand as a whole. */
  readonly column: WeatherColumn | 'trips' | null;
  /** Goes on after the column's name: "are 12 % above ...". */
  readonly text: string;
}
