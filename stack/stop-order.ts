import type { ServiceName } from './service.ts';
import type { StopManner } from './processes.ts';

/** Tiers of services in the order of stopping: services stop before those that they use, and a tier stops together. */
export const STOP_ORDER: readonly (readonly ServiceName[])[] = [
  ['worker', 'inference', 'console'],
  ['mlflow'],
  ['temporal', 's3', 'postgres'],
];

/** Sets the signal and grace period of each service. */
export const STOP_MANNER: Readonly<Record<ServiceName, StopManner>> = {
  // The worker returns its activities first, and stops its child, the trainer.
  worker: { signal: 'SIGTERM', wholeGroup: false, graceMs: 25_000 },
  // The service answers the requests that it has accepted.
  inference: { signal: 'SIGTERM', wholeGroup: false, graceMs: 15_000 },
  // The console cuts off downloads and live pages after five seconds.
  console: { signal: 'SIGTERM', wholeGroup: false, graceMs: 8_000 },
  // The command starts uvicorn as a child and does not pass signals on.
  mlflow: { signal: 'SIGTERM', wholeGroup: true, graceMs: 10_000 },
  temporal: { signal: 'SIGTERM', wholeGroup: false, graceMs: 10_000 },
  s3: { signal: 'SIGTERM', wholeGroup: false, graceMs: 10_000 },
  // SIGINT is its fast shutdown: it disconnects clients and writes everything.
  postgres: { signal: 'SIGINT', wholeGroup: false, graceMs: 15_000 },
};
