/** Shares metrics among the processes of a cluster: the primary gathers them, and any process can answer them. */
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

/** Gathers the metrics of all workers; called by the primary. */
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

/**
 * Connects a worker to the primary.
 * @returns a function that returns the text of /metrics for all processes together.
 */
export function shareMetrics(): () => Promise<string> {
  // The constructor listens for the primary's requests.
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
