/**
 * Whole months that are missing between the last month trained on and the month predicted; the default of `lateMonths`.
 *
 * The archive of a month appears some days into the next: when a month begins, the one before it has ended, but its rides cannot be had
 * yet, and a model for the whole of the month has to do without them. 1 is that, to the day, for the first days of a month, and too
 * strict for the rest of it, when a service that retrains on the day of publication knows one month more. 0 is what such a service
 * reaches at best. A backtest must not promise more than it would have kept, so the stricter one is the default.
 */
export const DEFAULT_LATE_MONTHS = 1;
