/**
 * Lists the flags of Node for the prediction service. A test compares them with `package.json` and `deploy/Dockerfile`. Without
 * them the service needs 1.5 times the memory. Effects under 32 connections with Node 24:
 * - One V8 worker thread and one of three compilers save 40 MB at the same speed.
 * - A young generation of fixed size prevents the promotion of short-lived objects when it shrinks between bursts.
 * - A limit of the old generation, because V8 otherwise grows the heap to 100 MB before the first full collection.
 *
 * `--optimize-for-size` would save another 20 MB, but every second process then runs at half speed because it collects garbage.
 */
export const INFERENCE_NODE_FLAGS: readonly string[] = [
  '--v8-pool-size=1',
  '--no-maglev',
  '--no-sparkplug',
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--max-old-space-size=512',
];
