/**
 * Reads and writes the cookie of a signed-in browser. It holds a random session id, which only permits
 * reading.
 */
import type { FastifyRequest } from 'fastify';

const NAME = 'citibike_console';
const IN_COOKIE = new RegExp(`(?:^|;\\s*)${NAME}=([A-Za-z0-9_-]{16,200})(?:;|$)`);

export function sessionIn({ headers }: FastifyRequest): string | undefined {
  return IN_COOKIE.exec(headers.cookie ?? '')?.[1];
}

/**
 * Returns a cookie that scripts cannot read and that pages of other sites cannot send. An empty session
 * deletes the cookie.
 */
export function cookieOf(session: string, { protocol }: FastifyRequest): string {
  const secure = protocol === 'https' ? '; Secure' : '';
  const gone = session === '' ? '; Max-Age=0' : '';
  return `${NAME}=${session}; Path=/api; HttpOnly; SameSite=Strict${secure}${gone}`;
}
