/** Defines calendar months as `YYYY-MM`, the unit of fetching and processing, in local time of a system. */
import { Type, type Static } from 'typebox';
import { EXPECTED_MONTH, MONTH_PATTERN } from './calendar.ts';

export const Month = Type.String({
  pattern: MONTH_PATTERN,
  description: EXPECTED_MONTH,
  examples: ['2024-01'],
});
export type Month = Static<typeof Month>;

/** Defines a span of months. Both ends are inclusive. */
export const MonthSpan = Type.Object(
  {
    from: Type.String({ ...Month, title: 'first month' }),
    to: Type.String({ ...Month, title: 'last month' }),
  },
  { additionalProperties: false, description: 'a span of months, both ends inclusive' },
);
export type MonthSpan = Static<typeof MonthSpan>;

/** Returns the schema of a span with a title, which says what the months are for. */
export const monthSpan = (title: string) => Type.Object(MonthSpan.properties, { ...MonthSpan, title });
