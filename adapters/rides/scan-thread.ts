/** Begin of a thread: takes up the process's cache of compiled code, which threads do not inherit, before anything else is loaded. */
import module from 'node:module';
import { workerData } from 'node:worker_threads';
import type { ThreadData } from './ride-workers.ts';

const { compileCache } = workerData as ThreadData;
if (compileCache !== null) module.enableCompileCache(compileCache);
await import('./scan-worker.ts');
