/**
 * Sends an early answer, then reads the rest of the request within bounds. Closing a connection with unread
 * bytes resets it, and a client that sends its whole body first would then not read the answer (RFC 9112, 9.6).
 */
import { ServerResponse, type IncomingMessage } from 'node:http';
import { isTinyChunked } from './chunk-sizes.ts';
import { dropPace } from './drop-pace.ts';

/** Limits the number of bytes read and dropped after an early answer. */
export const LINGER_BYTES = 64 * 1024 * 1024;
/** Limits the time in milliseconds; less than the time a stopping service gives its requests. */
export const LINGER_MS = 8_000;

const abandoned = new WeakSet<IncomingMessage>();

/** Closes the connection right after the answer, because reading the rest of the request is too expensive. */
export function abandonRest(request: IncomingMessage): void {
  abandoned.add(request);
}

export class LingeringResponse<
  Request extends IncomingMessage = IncomingMessage,
> extends ServerResponse<Request> {
  override end(chunk?: unknown, encoding?: unknown, done?: unknown): this {
    const { req } = this;
    if (!hasUnreadBody(req)) return super.end(chunk as string, encoding as 'utf8', done as () => void);
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.write(chunk);
    const finish = (): void => {
      super.end(() => {
        if (typeof done === 'function') (done as () => void)();
        // Node would read the rest of a body that may never end.
        if (!req.complete) req.socket.destroySoon();
      });
    };
    if (abandoned.has(req)) finish();
    else dropRest(req, finish);
    return this;
  }
}

function hasUnreadBody({ complete, destroyed, headers }: IncomingMessage): boolean {
  if (complete || destroyed) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

/** Calls `done` once: when the request ends, its connection closes, or a bound is reached. */
function dropRest(request: IncomingMessage, done: () => void): void {
  let [bytes, chunks] = [0, 0];
  const timer = setTimeout(stop, LINGER_MS);
  request.on('data', onData).once('end', stop).once('close', stop);
  request.on('error', () => undefined);
  request.resume();

  function onData(chunk: Buffer): void {
    bytes += chunk.length;
    chunks++;
    if (bytes > LINGER_BYTES || isTinyChunked(bytes, chunks)) stop();
    else dropPace.drop(chunk.length, request);
  }
  function stop(): void {
    clearTimeout(timer);
    request.off('data', onData).off('end', stop).off('close', stop);
    done();
  }
}
