/**
 * Runs hostile callers in a forked process: 16 connections to 127.0.0.1 that send one hostile body after
 * another. Two connections send endless headers and two send endless bodies. Reports the answers to the
 * parent.
 */
import { connect } from 'node:net';
import os from 'node:os';
import { HOSTILE_BODIES, SLOW_CALLERS } from './attacks.ts';

export interface AttackOrder {
  readonly port: number;
  readonly route: string;
  readonly bodyBytes: number;
  readonly seconds: number;
}
/** Counts answers by attack and status; `reset` if the connection closed without an answer. */
export type AttackAnswers = Record<string, Record<string, number>>;

export const CONNECTIONS = 16;
const SLOW_CONNECTIONS_EACH = 2;
/**
 * Lowers the priority of the attackers. On two cores they would otherwise take CPU time from the well-behaved
 * caller, which shares this machine only for the measurement.
 */
const NICENESS = 10;

/** @returns the status of the answer. */
function ask(
  port: number,
  send: (socket: ReturnType<typeof connect>) => (() => void) | void,
): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    let stop: (() => void) | void;
    const socket = connect(port, '127.0.0.1', () => (stop = send(socket)));
    socket.on('data', (chunk: Buffer) => {
      if (answer.length < 12) answer += chunk.toString('latin1');
      if (answer.length >= 12) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      stop?.();
      resolve(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'reset');
    });
  });
}

async function attack({ port, route, bodyBytes, seconds }: AttackOrder): Promise<AttackAnswers> {
  const answers: AttackAnswers = {};
  const count = (name: string, status: string): void => {
    const of = (answers[name] ??= {});
    of[status] = (of[status] ?? 0) + 1;
  };
  const requests = Object.entries(HOSTILE_BODIES).map(([name, make]): [string, Buffer] => {
    const body = make(bodyBytes);
    const head = `POST ${route} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
    return [name, Buffer.from(head + body)];
  });
  const until = performance.now() + seconds * 1_000;
  const sender = async (first: number): Promise<void> => {
    for (let i = first; performance.now() < until; i++) {
      const [name, bytes] = requests[i % requests.length]!;
      count(name, await ask(port, (socket) => void socket.write(bytes)));
    }
  };
  const slow = Object.entries(SLOW_CALLERS).flatMap(([name, begin]) =>
    Array.from({ length: SLOW_CONNECTIONS_EACH }, async () => {
      do count(name, await ask(port, (socket) => begin(socket, route)));
      while (performance.now() < until);
    }),
  );
  const senders = Array.from({ length: CONNECTIONS - slow.length }, (_, i) => sender(i));
  await Promise.all([...slow, ...senders]);
  return answers;
}

if (import.meta.main) {
  os.setPriority(NICENESS);
  process.once('message', (order: AttackOrder) => {
    void attack(order).then((answers) => process.send?.(answers, () => process.disconnect()));
  });
}
