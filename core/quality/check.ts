import type { ArchiveMeasures, MonthMeasures } from './measures.ts';

/** Represents the values that the files may contain. */
export interface KnownCategories {
  readonly memberTypes: readonly string[];
  readonly bikeTypes: readonly string[];
}

export interface CheckContext {
  readonly current: MonthMeasures;
  /** The month before, or null if there is none. */
  readonly previous: MonthMeasures | null;
  readonly known: KnownCategories;
}

/** Measures a value with an optional explanation. Returns undefined if the value is unknown. */
export type Measured = { readonly value: number; readonly detail?: string } | undefined;

export interface Check {
  readonly about: string;
  readonly unit: 'count' | 'share' | 'minutes' | 'days' | 'ratio' | 'sd';
  readonly measure: (context: CheckContext) => Measured;
}

export function check(about: string, unit: Check['unit'], measure: Check['measure']): Check {
  return { about, unit, measure };
}

export function measured(value: number | null | undefined): Measured {
  return value === null || value === undefined ? undefined : { value };
}

/** Returns the names behind a value, if there are any. */
export function named(names: readonly string[]): { detail?: string } {
  return names.length > 0 ? { detail: names.join(', ') } : {};
}

export function namesFound(names: readonly string[]): Measured {
  return { value: names.length, ...named(names) };
}

export function shareOf({ archives }: MonthMeasures, pick: (archives: ArchiveMeasures) => number): Measured {
  return archives && archives.rows > 0
    ? { value: pick(archives) / archives.rows, detail: `${pick(archives)} of ${archives.rows} rows` }
    : undefined;
}

export function rejectedOf({ rejected }: ArchiveMeasures): number {
  return rejected.unparsable_start + rejected.unparsable_end + rejected.not_positive + rejected.too_long;
}
