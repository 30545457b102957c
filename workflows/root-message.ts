import { messageOf } from '../contracts/errors.ts';

/** The innermost message: "Activity task failed" tells nobody anything. */
export function rootMessage(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return messageOf(cause);
}
