/** Limits the length of a message in a line of progress; `citibike runs` shows the whole message. */
const LONGEST = 160;

/** Describes a retry: the attempt, and the first line of the last failure. Returns an empty text for a first attempt. */
export function retryNote(attempt: number, failure: string | undefined): string {
  if (attempt <= 1 || !failure) return '';
  const line = failure.split('\n', 1)[0]!.trim();
  return `attempt ${attempt}: ${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}`;
}
