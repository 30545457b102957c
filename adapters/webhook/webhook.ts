/** Posts promotions, rollbacks, failed runs and alerts to one HTTP webhook. */
import { createHmac } from 'node:crypto';
import { CitibikeError, messageOf } from '../../contracts/errors.ts';
import { outgoingText } from '../../contracts/outgoing-text.ts';
import type { WebhookEvent } from '../../contracts/workflows/notification.ts';

export interface WebhookSettings {
  readonly url: string;
  /** Undefined if events are not signed. */
  readonly secret: string | undefined;
}

const TIMEOUT_MS = 10_000;

/** Lists the statuses that ask the sender to try again later, or report that the body did not arrive in time. */
const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Posts one event as JSON. `X-Citibike-Event-Id` is the same at every attempt. `X-Citibike-Signature` is `sha256=` and the HMAC-SHA256
 * of the body's bytes in hex.
 * @returns the status of the answer.
 * @throws CitibikeError UPSTREAM_REFUSED if the receiver rejects the request, UPSTREAM_UNAVAILABLE otherwise. Messages name only the
 * origin of the address, because the path is often secret.
 */
export async function postWebhook(
  { url, secret }: WebhookSettings,
  event: WebhookEvent,
  signal?: AbortSignal,
): Promise<number> {
  const body = JSON.stringify({ ...event, text: outgoingText(event.text) });
  const { origin } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      // A redirect would send the body to an address that is not configured.
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'citibike-webhook',
        'x-citibike-event': event.type,
        'x-citibike-event-id': event.id,
        ...(secret === undefined ? {} : { 'x-citibike-signature': signatureOf(secret, body) }),
      },
      body,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new CitibikeError(
      'UPSTREAM_UNAVAILABLE',
      `the webhook at ${origin} could not be reached: ${messageOf(error)}`,
    );
  }
  await response.body?.cancel();
  const { status } = response;
  if (response.ok) return status;
  const refused = status < 500 && !RETRYABLE_STATUS.has(status);
  throw new CitibikeError(
    refused ? 'UPSTREAM_REFUSED' : 'UPSTREAM_UNAVAILABLE',
    `the webhook at ${origin} answered ${status} to event ${event.id}${refused ? ': check WEBHOOK_URL and WEBHOOK_SECRET' : ''}`,
  );
}

export function signatureOf(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
