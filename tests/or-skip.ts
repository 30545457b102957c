/** Names the reasons of skipped tests in their titles, from which tests/runner/skipped-tests.ts prints them. */

/** Says what tests miss that read `/proc`; false on Linux. */
export const NO_LINUX = process.platform !== 'linux' && 'it needs Linux';

const MARK = ' [skipped: ';

/** Returns the title of a test or a group. @param missing what it needs and does not have; falsy if it runs. */
export function orSkip(title: string, missing: string | false | undefined): string {
  return missing ? `${title}${MARK}${missing}]` : title;
}

/** Returns the reason in the name of a test, or in that of its group. */
export function reasonIn(name: string): string | undefined {
  const from = name.indexOf(MARK);
  return from < 0 ? undefined : name.slice(from + MARK.length, name.indexOf(']', from));
}
