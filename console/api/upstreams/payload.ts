/** Converts Temporal's payloads to JSON values and its failures to chains. */
import { outgoingText } from '../../../contracts/outgoing-text.ts';
import { parseShownJson } from '../shown-json.ts';
import type { FailureBody } from '../schemas/runs.ts';
import type { RawDescription } from './temporal.ts';

interface RawPayload {
  readonly metadata?: Readonly<Record<string, Uint8Array>> | null;
  readonly data?: Uint8Array | null;
}
export interface RawPayloads {
  readonly payloads?: readonly RawPayload[] | null;
}
export type RawFailure = NonNullable<NonNullable<RawDescription['pendingActivities']>[number]['lastFailure']>;

/** Limits the size of a payload that is shown. */
const MOST_BYTES = 200_000;

/** Returns the first payload; undefined if there is none. */
export function valueOf(payloads: RawPayloads | null | undefined): unknown {
  const [first] = payloads?.payloads ?? [];
  if (!first) return undefined;
  const encoding = Buffer.from(first.metadata?.['encoding'] ?? []).toString('utf8');
  const bytes = first.data ?? new Uint8Array();
  if (encoding === 'binary/null') return null;
  if (encoding !== 'json/plain') return { encoding, bytes: bytes.length };
  if (bytes.length > MOST_BYTES) return { encoding, bytes: bytes.length };
  try {
    return parseShownJson(bytes);
  } catch {
    return { encoding, bytes: bytes.length };
  }
}

/** Lists a failure and its causes, outermost first. */
export function chainOf(failure: RawFailure | null | undefined): FailureBody[] {
  const chain: FailureBody[] = [];
  for (let here = failure; here && chain.length < 20; here = here.cause) {
    // An error of the catalogue carries itself as its cause.
    if (chain.at(-1)?.message === here.message && typeOf(here) === 'Failure') continue;
    chain.push({
      message: outgoingText(here.message ?? ''),
      type: typeOf(here),
      ...(here.stackTrace ? { stack: outgoingText(here.stackTrace) } : {}),
    });
  }
  return chain;
}

function typeOf(failure: RawFailure): string {
  if (failure.applicationFailureInfo) return failure.applicationFailureInfo.type || 'ApplicationFailure';
  if (failure.timeoutFailureInfo) return 'TimeoutFailure';
  if (failure.canceledFailureInfo) return 'CancelledFailure';
  if (failure.terminatedFailureInfo) return 'TerminatedFailure';
  if (failure.activityFailureInfo)
    return `activity ${failure.activityFailureInfo.activityType?.name ?? ''}`.trim();
  if (failure.childWorkflowExecutionFailureInfo)
    return `child ${failure.childWorkflowExecutionFailureInfo.workflowType?.name ?? ''}`.trim();
  return 'Failure';
}

interface RawTimestamp {
  readonly seconds?: unknown;
  readonly nanos?: number | null;
}

/** Returns epoch milliseconds; undefined for a missing or zero time. */
function millisOf(time: RawTimestamp | null | undefined): number | undefined {
  if (!time) return undefined;
  const seconds = Number(time.seconds ?? 0);
  return seconds === 0 ? undefined : seconds * 1000 + Math.floor((time.nanos ?? 0) / 1e6);
}

export function isoOf(time: RawTimestamp | null | undefined): string | undefined {
  const millis = millisOf(time);
  return millis === undefined ? undefined : new Date(millis).toISOString();
}
