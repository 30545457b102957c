import type { ServerResponse } from 'node:http';

/** Bytes of events that a listener may leave unread. */
const MOST_UNREAD_BYTES = 2 ** 20;

/**
 * Writes an event to a listener. Ends a listener that reads no more, because its events would collect in memory. A page reloads
 * when it connects again.
 */
export function pushEvent(listener: ServerResponse, text: string): void {
  if (listener.writableLength > MOST_UNREAD_BYTES) listener.destroy();
  else listener.write(text);
}
