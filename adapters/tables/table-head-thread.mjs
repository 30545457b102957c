// Starts the thread. This file is plain JavaScript, because stripping types before the compile cache is enabled loads a compiler.
// Threads do not inherit the process's cache.
import module from 'node:module';
import { workerData } from 'node:worker_threads';

if (workerData.compileCache !== null) module.enableCompileCache(workerData.compileCache);
await import('./table-head-worker.ts');
