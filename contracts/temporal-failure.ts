/**
 * Converts errors to Temporal failures for activities and workflows. They have a type of the catalogue, hold
 * no secrets, and take at most 4 kB.
 */
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { CitibikeError, framesOf, messageOf } from './errors.ts';
import { bytesOf, MOST_MESSAGE_BYTES, outgoingText } from './outgoing-text.ts';
import { boundedField, boundedJson, showValue } from './show-value.ts';

/**
 * Limits the size in bytes of messages, details and stacks together; Temporal uses the rest of 4 kB. Temporal would reject a larger failure
 * and retry it forever.
 */
const MOST_BYTES = 3_400;
const MOST_DETAILS_BYTES = 1_500;
const MOST_STACK_BYTES = 600;
/**
 * Limits the causes of this project's errors. The next limit applies to Temporal's failures, which wrap each
 * child and activity.
 */
const MOST_CAUSES = 4;
const MOST_WRAPPED = 12;
const SHORTEST_MESSAGE_BYTES = 60;

/**
 * Returns a failure with the type of the error. Failures of Temporal keep their type and are bounded in
 * place.
 * @param nonRetryable applies to errors outside the catalogue.
 */
export function asFailure(error: unknown, nonRetryable: boolean): TemporalFailure {
  return bounded(error instanceof TemporalFailure ? error : failureOf(error, nonRetryable, MOST_CAUSES));
}

function failureOf(error: unknown, nonRetryable: boolean, depth: number): ApplicationFailure {
  const isOurs = error instanceof CitibikeError;
  const cause = error instanceof Error && depth > 1 ? error.cause : undefined;
  const failure = ApplicationFailure.create({
    message: messageOf(error),
    type: isOurs ? error.code : error instanceof Error ? error.name.slice(0, 80) : 'Error',
    nonRetryable: isOurs ? !error.retryable : nonRetryable,
    ...(isOurs ? { details: [error.details] } : {}),
    ...(cause instanceof Error ? { cause: failureOf(cause, nonRetryable, depth - 1) } : {}),
  });
  failure.stack = error instanceof Error ? framesOf(error, MOST_STACK_BYTES) : '';
  return failure;
}

/**
 * Bounds a failure. The innermost message says what happened, so it gets space first. Stacks get the rest.
 */
function bounded(failure: TemporalFailure): TemporalFailure {
  const chain = chainOf(failure).reverse();
  let room = MOST_BYTES - chain.length * SHORTEST_MESSAGE_BYTES;
  for (const one of chain) {
    const message = outgoingText(
      one.message,
      Math.max(SHORTEST_MESSAGE_BYTES, Math.min(room, MOST_MESSAGE_BYTES)),
    );
    room -= Math.max(0, bytesOf(message) - SHORTEST_MESSAGE_BYTES);
    one.message = message;
  }
  for (const one of chain) {
    if (!(one instanceof ApplicationFailure) || !one.details?.length) continue;
    const details = one.details.map((detail) => boundedDetail(detail, Math.min(room, MOST_DETAILS_BYTES)));
    room -= bytesOf(JSON.stringify(details));
    Object.assign(one, { details: room < 0 ? [] : details });
  }
  for (const one of chain) {
    one.stack = room > 100 ? framesOf(one, Math.min(room, MOST_STACK_BYTES)) : '';
    room -= bytesOf(one.stack);
  }
  return failure;
}

/** Returns the chain of causes, outermost first, up to a maximum depth. */
function chainOf(failure: Error): Error[] {
  const chain: Error[] = [];
  for (let here: unknown = failure; here instanceof Error; here = here.cause) {
    chain.push(here);
    if (chain.length === MOST_WRAPPED) Object.assign(here, { cause: undefined });
  }
  return chain;
}

/** Bounds details field by field, so that one large field does not remove the others. */
function boundedDetail(detail: unknown, mostBytes: number): unknown {
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail))
    return boundedJson(detail, mostBytes);
  const fields: Record<string, unknown> = {};
  let room = mostBytes;
  for (const [name, value] of Object.entries(detail).slice(0, 50)) {
    const whole = boundedField(name, value, room);
    const field = bytesOf(JSON.stringify(whole)) > room ? showValue(value) : whole;
    const bytes = bytesOf(name) + bytesOf(JSON.stringify(field)) + 4;
    if (value === undefined || bytes > room) continue;
    room -= bytes;
    fields[name] = field;
  }
  return fields;
}
