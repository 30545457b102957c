/** SQL over the text of a trip CSV: its columns, its times, and the verdict on each row. */
import type { RideColumns } from './ride-header.ts';
import { sqlText } from './session.ts';

/** A ride counts when both times parse and `above < ended − started < below`, in seconds, both exclusive; null: whenever its start parses. */
export type DurationRule = { readonly above: number; readonly below: number } | null;

/** Verdicts on a row, in the order in which they are tried. */
export const VERDICTS = ['kept', 'unparsable_start', 'unparsable_end', 'not_positive', 'too_long'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Every column as text, every row with as many fields as the header; anything else is an error that names the line. */
export function csvSource(file: string, { count }: RideColumns): string {
  const columns = Array.from({ length: count }, (_, i) => `'c${i}': 'VARCHAR'`).join(', ');
  return `read_csv(${sqlText(file)}, auto_detect = false, header = false, skip = 1, delim = ',', quote = '"', escape = '"',
          strict_mode = true, null_padding = false, columns = {${columns}})`;
}

/** Modern and early legacy files write ISO times, some legacy ones `1/31/2015 23:59[:59]`; a date alone is no time. */
export function timeSql(column: string): string {
  return `CASE WHEN contains(${column}, ':') THEN coalesce(try_cast(${column} AS TIMESTAMP),
          try_strptime(trim(${column}), ['%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M'])) END`;
}

export function verdictSql(rule: DurationRule): string {
  const code = (verdict: Verdict) => VERDICTS.indexOf(verdict);
  const unparsable = `WHEN started IS NULL THEN ${code('unparsable_start')}`;
  if (rule === null) return `CASE ${unparsable} ELSE ${code('kept')} END`;
  const microseconds = '(epoch_us(ended) - epoch_us(started))';
  return `CASE ${unparsable}
          WHEN ended IS NULL THEN ${code('unparsable_end')}
          WHEN ${microseconds} <= ${rule.above * 1e6} THEN ${code('not_positive')}
          WHEN ${microseconds} >= ${rule.below * 1e6} THEN ${code('too_long')}
          ELSE ${code('kept')} END`;
}
