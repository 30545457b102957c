/** Counts rows that look wrong, whatever the rule set. */
import type { IrregularRows } from '../../contracts/hours.ts';
import { SECOND_US } from './wall-clock.ts';

const MINUTE_US = 60 * SECOND_US;
const DAY_US = 86_400 * SECOND_US;

/** Represents counts of rows. Stations are counted over all CSVs of an archive. */
export type IrregularRowCounts = Omit<IrregularRows, 'stations_with_two_names'>;

export class IrregularRowCounter {
  #underAMinute = 0;
  #endsBeforeStart = 0;
  #overADay = 0;
  #nameWithoutId = 0;

  /**
   * @param times start and end in µs; NaN if unreadable.
   * @param nameWithoutId 1 if a station of the row has a name and no id, otherwise 0.
   */
  add(times: Float64Array, nameWithoutId: number): void {
    this.#nameWithoutId += nameWithoutId;
    const duration = times[1]! - times[0]!;
    if (duration < 0) this.#endsBeforeStart++;
    else if (duration < MINUTE_US) this.#underAMinute++;
    else if (duration > DAY_US) this.#overADay++;
  }

  counts(): IrregularRowCounts {
    return {
      under_a_minute: this.#underAMinute,
      ends_before_start: this.#endsBeforeStart,
      over_a_day: this.#overADay,
      name_without_id: this.#nameWithoutId,
    };
  }
}
