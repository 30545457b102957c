import type { ServiceName } from './service.ts';
import type { StopManner } from './processes.ts';

/** Those that use others first; what stands together stops together. */
export const STOP_ORDER: readonly (readonly ServiceName[])[] = [
  ['worker', 'inference', 'console'],
  ['mlflow'],
  ['temporal', 's3', 'postgres'],
];

/** How each service is asked to end, and how long it may take. */
export const STOP_MANNER: Readonly<Record<ServiceName, StopManner>> = {
  // It hands its activities back first; the trainer is its child and its to stop.
  worker: { signal: 'SIGTERM', wholeGroup: false, graceMs: 25_000 },
  // It answers what it has accepted.
  inference: { signal: 'SIGTERM', wholeGroup: false, graceMs: 15_000 },
  // Downloads and live pages are cut off after five seconds.
  console: { signal: 'SIGTERM', wholeGroup: false, graceMs: 8_000 },
  // The command starts uvicorn as a child and does not pass signals on.
  mlflow: { signal: 'SIGTERM', wholeGroup: true, graceMs: 10_000 },
  temporal: { signal: 'SIGTERM', wholeGroup: false, graceMs: 10_000 },
  s3: { signal: 'SIGTERM', wholeGroup: false, graceMs: 10_000 },
  // SIGINT is its fast shutdown: clients are cut off, everything is written.
  postgres: { signal: 'SIGINT', wholeGroup: false, graceMs: 15_000 },
};
