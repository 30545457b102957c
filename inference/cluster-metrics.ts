/** Metrics of all processes of a cluster: any of them is asked, the primary gathers from every one. */
import cluster from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';

const ASKED = 'citibike:metrics?';
const ANSWERED = 'citibike:metrics';
const ANSWER_TIMEOUT_MS = 5_000;

interface Message {
  readonly type: typeof ASKED | typeof ANSWERED;
  readonly id: number;
  readonly text?: string;
  readonly failure?: string;
}

const isMessage = (message: unknown, type: Message['type']): message is Message =>
  typeof message === 'object' && message !== null && (message as Message).type === type;

/** For the primary. */
export function gatherMetrics(): void {
  const registry = new AggregatorRegistry();
  cluster.on('message', (worker, message: unknown) => {
    if (!isMessage(message, ASKED)) return;
    const { id } = message;
    registry.clusterMetrics().then(
      (text) => worker.send({ type: ANSWERED, id, text }),
      (error: unknown) => worker.send({ type: ANSWERED, id, failure: String(error) }),
    );
  });
}

/** For a worker. @returns what /metrics answers: the text of all processes together. */
export function shareMetrics(): () => Promise<string> {
  // Listens for the primary's questions.
  new AggregatorRegistry();
  const waiting = new Map<number, (message: Message) => void>();
  let asked = 0;
  process.on('message', (message: unknown) => {
    if (isMessage(message, ANSWERED)) waiting.get(message.id)?.(message);
  });
  return () =>
    new Promise((resolve, reject) => {
      const id = asked++;
      const timer = setTimeout(
        () => waiting.get(id)?.({ type: ANSWERED, id, failure: 'the primary did not answer in time' }),
        ANSWER_TIMEOUT_MS,
      );
      waiting.set(id, ({ text, failure }) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (text === undefined) reject(new Error(`metrics of the cluster: ${failure ?? 'no text'}`));
        else resolve(text);
      });
      process.send?.({ type: ASKED, id } satisfies Message);
    });
}
