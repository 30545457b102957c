/** Rejects requests that pages of other sites make a browser send. */
import type { FastifyRequest } from 'fastify';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import { showValue } from '../../contracts/show-value.ts';

/**
 * Rejects actions from pages of other sites. A page of this console has an `Origin` that matches `Host`, or
 * the host that a trusted proxy forwards.
 * @throws HttpProblem 403
 */
export function refuseForeignOrigin({ headers, protocol, host: forwarded }: FastifyRequest): void {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  const own = [host, forwarded].flatMap((name) => [`${protocol}://${name}`, `https://${name}`]);
  if ((origin === undefined || own.includes(origin)) && site !== 'cross-site' && site !== 'same-site') return;
  throw new HttpProblem(403, 'forbidden-origin', 'Only pages of this console may run actions.');
}

/**
 * Rejects foreign host names on the loopback, so that DNS rebinding cannot read the console.
 * @throws HttpProblem 403
 */
export function refuseForeignHost({ headers }: FastifyRequest): void {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)) return;
  throw new HttpProblem(
    403,
    'forbidden-origin',
    `This console answers to localhost and 127.0.0.1, not to ${showValue(host)}.`,
  );
}
