import { messageOf } from '../contracts/errors.ts';

/** Returns the innermost message, because outer ones such as "Activity task failed" lack the reason. */
export function rootMessage(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return messageOf(cause);
}
