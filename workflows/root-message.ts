import { isErrorCode, messageOf } from '../contracts/errors.ts';

/** Returns the message of the catalogue, or else the innermost one: outer ones such as "Activity task failed" lack the reason. */
export function rootMessage(error: unknown): string {
  let cause = error;
  while (
    cause instanceof Error &&
    cause.cause instanceof Error &&
    !isErrorCode((cause as { type?: unknown }).type)
  )
    cause = cause.cause;
  return messageOf(cause);
}
