/** Sends requests over real sockets, with the request target exactly as given. */
import { Agent, request } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface RawRequest {
  readonly port: number;
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Sets the timeout in milliseconds: a server that sends nothing for this long hangs. */
const SILENT_MS = 20_000;

const agent = new Agent({ keepAlive: true, maxSockets: 16 });

export function ask({ port, method, target, headers, body }: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path: target,
      headers: { ...headers, ...length },
      agent,
    };
    const call = request(options, (response) => {
      const contentType = response.headers['content-type'] ?? '';
      const chunks: Buffer[] = [];
      const done = () =>
        resolve({ status: response.statusCode ?? 0, contentType, body: Buffer.concat(chunks).toString() });
      // This response never ends.
      if (contentType.startsWith('text/event-stream')) {
        done();
        return void call.destroy();
      }
      // A server that cannot parse the request does not know that it was a HEAD request, and sends a body.
      if (method === 'HEAD') done();
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('end', done);
      response.once('error', reject);
    });
    call.setTimeout(SILENT_MS, () => call.destroy(new Error(`no answer to ${method} ${target}`)));
    call.on('error', reject);
    call.end(body);
  });
}

/** Processes all items, a few at a time. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const take = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) await work(items[i]!);
  };
  await Promise.all(Array.from({ length: 16 }, take));
}
