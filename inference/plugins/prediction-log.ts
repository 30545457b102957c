/** The prediction log as part of the service; without a writer nothing is kept. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { PredictionQueue, type PredictionQueueOptions } from '../prediction-queue.ts';

export interface PredictionLogOptions {
  readonly write: PredictionQueueOptions['write'] | undefined;
}

/** About 20 MB: minutes without Postgres under light load, two seconds of one-row requests under full. */
const CAPACITY_ROWS = 20_000;
const FLUSH_MS = 1_000;
const LAST_FLUSH_MS = 3_000;

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined when logging is switched off. */
    predictionLog: PredictionQueue | undefined;
  }
}

export const predictionLogPlugin = fp<PredictionLogOptions>(
  (app: FastifyInstance, { write }) => {
    if (!write) {
      app.decorate('predictionLog', undefined);
      return;
    }
    const queue = new PredictionQueue({
      write,
      capacity: CAPACITY_ROWS,
      flushMs: FLUSH_MS,
      onWritten: (rows) => app.metrics.logWritten.inc(rows),
      onDropped: (rows) => app.metrics.logDropped.inc(rows),
      log: app.log.child({ component: 'prediction-log' }),
    });
    app.decorate('predictionLog', queue);
    app.addHook('onClose', () => queue.close(LAST_FLUSH_MS));
  },
  { name: 'prediction-log', dependencies: ['metrics'] },
);
