/** The cookie of a browser that has signed in: a random session id, which reads and does nothing else. */
import type { FastifyRequest } from 'fastify';

const NAME = 'citibike_console';
const IN_COOKIE = new RegExp(`(?:^|;\\s*)${NAME}=([A-Za-z0-9_-]{16,200})(?:;|$)`);

export function sessionIn({ headers }: FastifyRequest): string | undefined {
  return IN_COOKIE.exec(headers.cookie ?? '')?.[1];
}

/** No script reads it, and no page of another site sends it. Empty: it is taken back. */
export function cookieOf(session: string, { protocol }: FastifyRequest): string {
  const secure = protocol === 'https' ? '; Secure' : '';
  const gone = session === '' ? '; Max-Age=0' : '';
  return `${NAME}=${session}; Path=/api; HttpOnly; SameSite=Strict${secure}${gone}`;
}
