/** Starts a thread. It enables the process's compile cache, which threads do not inherit, before it loads other modules. */
import module from 'node:module';
import { workerData } from 'node:worker_threads';
import type { ThreadData } from './ride-workers.ts';

const { compileCache } = workerData as ThreadData;
if (compileCache !== null) module.enableCompileCache(compileCache);
await import('./scan-worker.ts');
