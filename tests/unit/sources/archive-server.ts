/** Serves files over HTTP, counts requests and sent bytes, and misbehaves on demand. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
  status: number;
  /** Body bytes that were given to the socket. */
  bytes: number;
}

/** Answers instead of the server; false leaves the answer to it. */
export type Fault = (request: IncomingMessage, response: ServerResponse, file: Buffer | undefined) => boolean;

export class ArchiveServer {
  readonly asked: Asked[] = [];
  readonly files = new Map<string, Buffer>();
  /** Handlers of the next requests for a file's bytes, in order. */
  faults: Fault[] = [];
  /** True if the server supports ranges. */
  ranges = true;
  /** True if the server lists the folder as S3 lists a bucket. */
  listed = true;
  base = '';
  readonly #server = createServer((request, response) => this.#answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/trips`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Returns the MD5 in quotes, as S3 gives it for an object of one part. */
  etagOf(name: string): string {
    return `"${createHash('md5').update(this.files.get(name)!).digest('hex')}"`;
  }

  gets(name: string): Asked[] {
    return this.asked.filter(({ method, path }) => method === 'GET' && path === `/trips/${name}`);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://localhost');
    const record: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      range: request.headers.range,
      status: 0,
      bytes: 0,
    };
    this.asked.push(record);
    response.on('close', () => (record.status = response.statusCode));
    if (url.pathname === '/trips' && this.listed) return void response.end(this.#listing());
    const name = decodeURIComponent(url.pathname.slice('/trips/'.length));
    const file = this.files.get(name);
    if (request.method === 'GET' && this.faults.shift()?.(request, response, file)) return;
    if (!file) return void response.writeHead(404).end();
    const etag = this.etagOf(name);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const partly = this.ranges && from > 0 && request.headers['if-range'] === etag;
    const body = file.subarray(partly ? from : 0);
    response.writeHead(partly ? 206 : 200, {
      etag,
      'content-length': body.length,
      'last-modified': 'Mon, 05 Feb 2024 15:00:00 GMT',
      ...(partly ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
    });
    record.bytes = request.method === 'HEAD' ? 0 : body.length;
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #listing(): string {
    const contents = [...this.files].map(
      ([name, body]) =>
        `<Contents><Key>${name}</Key><LastModified>2024-02-05T15:00:00.000Z</LastModified>` +
        `<ETag>&quot;${this.etagOf(name).slice(1, -1)}&quot;</ETag><Size>${body.length}</Size></Contents>`,
    );
    return `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
  }
}

/** Promises the whole file (from the requested offset) and closes the connection after `bytes` of it. */
export function cutAfter(bytes: number, etag: string): Fault {
  return (request, response, file) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = file!.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      etag,
      'content-length': rest.length,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${file!.length - 1}/${file!.length}` } : {}),
    });
    response.write(rest.subarray(0, bytes));
    setTimeout(() => response.destroy(), 30);
    return true;
  };
}

export function fails(status: number): Fault {
  return (_request, response) => {
    response.writeHead(status).end();
    return true;
  };
}

export function answers(body: string | Buffer, headers: Record<string, string> = {}): Fault {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': String(Buffer.byteLength(body)), ...headers }).end(body);
    return true;
  };
}

/** Sends a few bytes and then nothing. */
export function hangs(etag: string): Fault {
  return (_request, response, file) => {
    response.writeHead(200, { etag, 'content-length': String(file!.length) });
    response.write(file!.subarray(0, 10));
    return true;
  };
}
