interface LitHour {
  /** Start of the hour, ISO 8601 in UTC. */
  readonly at: string;
  readonly isNight: boolean;
}

/** Counts the milliseconds of an hour. */
export const HOUR = 3_600_000;

/** Joins the night hours of a list in order to spans of epoch milliseconds, which end with the last hour of the list. */
export function nightSpans(hours: readonly LitHour[]): { from: number; to: number }[] {
  const last = Date.parse(hours.at(-1)?.at ?? '');
  const spans: { from: number; to: number }[] = [];
  for (const { at, isNight } of hours) {
    const from = Date.parse(at);
    if (!isNight || from >= last) continue;
    const span = spans.at(-1);
    if (span?.to === from) span.to = from + HOUR;
    else spans.push({ from, to: from + HOUR });
  }
  return spans;
}
