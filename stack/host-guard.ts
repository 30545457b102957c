/**
 * Protects a server that accepts any Host header: forwards only requests that use this machine's own names.
 * Otherwise a web page could rebind its DNS name to 127.0.0.1, pass as the server's own page, and read and
 * act.
 */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { heldPorts, type UsedPort } from './ports.ts';

export interface Upstream {
  readonly host: string;
  readonly port: number;
}

const OWN_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);
const MOST_CONNECTIONS = 200;

/**
 * Starts the guard.
 * @returns the server, listening on the loopback.
 * @throws CitibikeError STACK if another process took the port after the stack had found it free.
 */
export async function guardHost(used: UsedPort, upstream: Upstream): Promise<Server> {
  const server = createServer((incoming, answer) => {
    const { host, origin } = incoming.headers;
    if (isOwn(`http://${host ?? ''}`) && (origin === undefined || isOwn(origin)))
      forward(incoming, answer, upstream);
    else
      refuse(
        answer,
        403,
        'This server answers only requests to localhost or 127.0.0.1, from pages of these hosts.',
      );
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(used.port, '127.0.0.1');
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? heldPorts([used]) : error;
  });
  return server;
}

function isOwn(address: string): boolean {
  return URL.canParse(address) && OWN_NAMES.has(new URL(address).hostname);
}

function forward(incoming: IncomingMessage, answer: ServerResponse, upstream: Upstream): void {
  const { method, url, headers } = incoming;
  const call = request({ ...upstream, method, path: url, headers }, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
    response.once('error', () => answer.destroy());
  });
  call.once('error', () => {
    if (answer.headersSent) answer.destroy();
    else refuse(answer, 502, 'The server behind this address does not answer.');
  });
  answer.once('close', () => call.destroy());
  incoming.pipe(call);
}

function refuse(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' });
  answer.end(`${text}\n`);
}
