/**
 * Echoes each request, as careless servers do. With an upstream address it forwards requests until told to
 * stop.
 */
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class EchoingServer {
  readonly #server: Server;
  readonly #behind: URL | undefined;
  /** True to reject requests with an answer that echoes their content. */
  rejects: boolean;

  private constructor(behind: URL | undefined) {
    this.#behind = behind;
    this.rejects = behind === undefined;
    this.#server = createServer((asked, answer) =>
      this.rejects ? reject(asked, answer) : handOn(asked, answer, this.#behind!),
    );
  }

  static async start(behind?: string): Promise<EchoingServer> {
    const server = new EchoingServer(behind === undefined ? undefined : new URL(behind));
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function reject(asked: IncomingMessage, answer: ServerResponse): void {
  const told = `not allowed: ${asked.url} with ${JSON.stringify(asked.headers)}`;
  answer.writeHead(401, { 'content-type': 'application/json' });
  answer.end(JSON.stringify({ error_code: 'UNAUTHENTICATED', message: told }));
}

function handOn(asked: IncomingMessage, answer: ServerResponse, behind: URL): void {
  const headers = { ...asked.headers, host: behind.host };
  const onward = request(new URL(asked.url ?? '/', behind), { method: asked.method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}
