/** Joins pages of a step's log to the part that is shown. Its size is bounded; older lines are read again on request. */
import type { LogPage } from '../../api/bodies.ts';

/** Represents the pages in order of the log, over one or more attempts. */
export type LogPages = readonly LogPage[];

const PAGE_CHARACTERS = 65_536;
/** Limits the number of characters that a growing log shows. */
const MOST_CHARACTERS = 500_000;

/** Returns the query for what follows the shown lines. */
export function queryOfNewer(pages: LogPages) {
  const last = pages.at(-1);
  if (!last || last.attempt === 0) return {};
  if (isAtEnd(last) && last.attempts > last.attempt) return { attempt: last.attempt + 1, from: 0 };
  return { attempt: last.attempt, from: last.to };
}

/** Returns the query for what precedes the shown lines. Returns undefined if they begin at the start of the log. */
export function queryOfOlder([first]: LogPages) {
  if (!first || first.attempt === 0) return undefined;
  if (first.from > 0) return { attempt: first.attempt, before: first.from };
  return first.attempt > 1 ? { attempt: first.attempt - 1 } : undefined;
}

/** Checks whether the log had nothing more when its last page was read. */
export function isComplete(pages: LogPages): boolean {
  const last = pages.at(-1);
  return last !== undefined && isAtEnd(last) && last.attempts <= last.attempt;
}

/** Adds newer lines, and drops the oldest pages beyond the bound. */
export function withNewer(pages: LogPages, page: LogPage): LogPages {
  const last = pages.at(-1);
  if (!last || last.attempt === 0) return [page];
  const isSmall = last.text.length + page.text.length <= PAGE_CHARACTERS;
  const joined =
    last.attempt === page.attempt && isSmall
      ? [...pages.slice(0, -1), { ...page, from: last.from, text: last.text + page.text }]
      : [...pages, page];
  let characters = joined.reduce((sum, { text }) => sum + text.length, 0);
  const kept = joined.findIndex(({ text }, i) => {
    if (characters <= MOST_CHARACTERS || i === joined.length - 1) return true;
    characters -= text.length;
    return false;
  });
  return joined.slice(kept);
}

function isAtEnd({ to, bytes }: LogPage): boolean {
  return to >= bytes;
}
