/** Names the months of a run: a span of one month, such as `2021-02..2021-02`, by that month. */
export function shownMonths(months: string): string {
  const [from, to] = months.split('..');
  return from !== undefined && from === to ? from : months;
}
