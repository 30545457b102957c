// Starts a thread. This file is plain JavaScript, because stripping types before the compile cache is enabled loads a compiler,
// which takes 0.1 s per thread. Threads do not inherit the process's cache.
import module from 'node:module';
import { workerData } from 'node:worker_threads';

/** @type {import('./ride-workers.ts').ThreadData} */
const { compileCache } = workerData;
if (compileCache !== null) module.enableCompileCache(compileCache);
await import('./scan-worker.ts');
