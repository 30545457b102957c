// Begin of a thread, in plain JavaScript: it takes up the process's cache of compiled code, which threads do not inherit, before any TypeScript
// is loaded. Without it the stripper of types is loaded first, which takes longer than a small table.
import module from 'node:module';
import { workerData } from 'node:worker_threads';

if (workerData.compileCache !== null) module.enableCompileCache(workerData.compileCache);
await import('./table-worker.ts');
