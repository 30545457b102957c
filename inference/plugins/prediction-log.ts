/** Logs predictions in the service. Without a writer, nothing is logged. */
import { HOUR_MS } from '../../contracts/calendar.ts';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../options.ts';
import { PredictionQueue } from '../prediction-queue.ts';

/** Sets the capacity for 1,000 one-row requests of `/predict_trip` with UUIDs as ids. `/predict` fills the features first. */
const CAPACITY = { rows: 1_024, requestIdBytes: 48 * 1024, featureBytes: 128 * 1024 };
/** Limits the log to 8 MB: minutes without Postgres under light load, one or two seconds of one-row requests under full load. */
const BLOCKS = 32;
const FLUSH_MS = 250;
const LAST_FLUSH_MS = 3_000;
/** Old rows are deleted after the first delay, which spreads the work of many processes, and then twice a day. */
const FIRST_FORGET_MS = 60_000;
const FORGET_MS = 12 * HOUR_MS;

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined if logging is disabled. */
    predictionLog: PredictionQueue | undefined;
  }
}

export default fp<ServiceOptions>(
  (app: FastifyInstance, { writePredictions: write, forgetPredictions: forget }) => {
    if (!write) {
      app.decorate('predictionLog', undefined);
      return;
    }
    const queue = new PredictionQueue({
      write,
      blocks: BLOCKS,
      capacity: CAPACITY,
      flushMs: FLUSH_MS,
      onWritten: (rows) => app.metrics.logWritten.inc(rows),
      onDropped: (rows) => app.metrics.logDropped.inc(rows),
      log: app.log.child({ component: 'prediction-log' }),
    });
    app.decorate('predictionLog', queue);
    app.addHook('onClose', () => queue.close(LAST_FLUSH_MS));
    if (forget) forgetNowAndThen(app, forget);
  },
  { name: 'prediction-log', dependencies: ['metrics'] },
);

function forgetNowAndThen(app: FastifyInstance, forget: () => Promise<number>): void {
  const run = (): void => {
    forget().then(
      (rows) => rows > 0 && app.log.info({ rows }, 'old predictions deleted'),
      (error: unknown) => app.log.warn({ err: error }, 'old predictions could not be deleted'),
    );
  };
  const first = setTimeout(run, FIRST_FORGET_MS * (1 + Math.random()));
  const then = setInterval(run, FORGET_MS);
  first.unref();
  then.unref();
  app.addHook('onClose', () => {
    clearTimeout(first);
    clearInterval(then);
  });
}
