import type { ArchiveMeasures, MonthMeasures } from './measures.ts';

/** Values that the files are known to hold. */
export interface KnownCategories {
  readonly memberTypes: readonly string[];
  readonly bikeTypes: readonly string[];
}

export interface CheckContext {
  readonly current: MonthMeasures;
  /** The month before; null where there is none. */
  readonly previous: MonthMeasures | null;
  readonly known: KnownCategories;
}

/** A value and, where it helps, what is behind it; undefined where it cannot be known. */
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

/** The names behind a value, where there are any. */
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
