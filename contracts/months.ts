/** Calendar months as `YYYY-MM`, the unit of fetching and processing. New York local time throughout. */
import { Type, type Static } from 'typebox';
import { EXPECTED_MONTH, MONTH_PATTERN } from './calendar.ts';

export const Month = Type.String({
  pattern: MONTH_PATTERN,
  description: EXPECTED_MONTH,
  examples: ['2024-01'],
});
export type Month = Static<typeof Month>;

/** Both ends inclusive. */
export const MonthSpan = Type.Object(
  { from: Month, to: Month },
  { additionalProperties: false, description: 'a span of months, both ends inclusive' },
);
export type MonthSpan = Static<typeof MonthSpan>;

/** Returns the schema of a span with a title, which says what the months are for. */
export const monthSpan = (title: string) => Type.Object(MonthSpan.properties, { ...MonthSpan, title });
