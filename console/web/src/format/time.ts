/** Formats times: relative for the page, absolute for the tooltip. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formats `412 ms`, `8.4 s`, `3 min 20 s`, `2 h 05 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  const total = milliseconds / 1000;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (total < 10) return `${total.toFixed(1)} s`;
  const seconds = Math.round(total);
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ${pad(seconds % MINUTE)} s`;
  if (seconds < DAY)
    return `${Math.floor(seconds / HOUR)} h ${pad(Math.floor((seconds % HOUR) / MINUTE))} min`;
  return `${Math.floor(seconds / DAY)} d ${Math.floor((seconds % DAY) / HOUR)} h`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** Formats `just now`, `4 min ago`, `in 3 h`, `12 d ago`. */
export function relativeTime(iso: string, now: number): string {
  const seconds = (now - Date.parse(iso)) / 1000;
  const distance = Math.abs(seconds);
  if (distance < 5) return 'just now';
  const text = roughly(distance);
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

function roughly(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * MINUTE) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 36 * HOUR) return `${Math.round(seconds / HOUR)} h`;
  if (seconds < 60 * DAY) return `${Math.round(seconds / DAY)} d`;
  if (seconds < 700 * DAY) return `${Math.round(seconds / (30.44 * DAY))} months`;
  return `${(seconds / (365.25 * DAY)).toFixed(1)} years`;
}

const ABSOLUTE = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

/** Formats a time in the reader's zone, which it names. */
export function absoluteTime(iso: string): string {
  return ABSOLUTE.format(new Date(iso));
}

/** Returns the hour after the present one on the clock of a zone, or of the reader without one. */
export function nextHour(now: Date, timeZone?: string): { readonly date: string; readonly hour: number } {
  const next = new Date(now.getTime() + HOUR * 1000);
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(next);
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit' }).format(next);
  return { date, hour: Number(hour) };
}

const DAY_NAME = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});

/** Formats `2026-11-30` as `Mon 30 Nov`. */
export function dayName(date: string): string {
  return DAY_NAME.format(new Date(`${date}T00:00:00Z`)).replaceAll(',', '');
}

/** Formats a time on the clock of a zone, which it names: `Mon 30 Nov, 13:05 GMT-5`. */
export function timeIn(timeZone: string, iso: string): string {
  const at = new Date(iso);
  // Sweden's locale formats dates as ISO 8601.
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(at);
  const hour = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const;
  return `${dayName(date)}, ${new Intl.DateTimeFormat('en-GB', { timeZone, ...hour }).format(at)}`;
}
