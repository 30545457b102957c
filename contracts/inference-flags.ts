/**
 * How Node runs the prediction service, wherever it is started: `package.json` and `deploy/Dockerfile` repeat them (a test compares). It
 * runs without them too, in half as much memory again. Measured under 32 connections, Node 24:
 * - one thread for V8's own work, two of three compilers left out: 40 MB, and the code is not slower;
 * - a young generation that neither grows nor shrinks: one that shrinks between bursts hands short-lived objects on to the old;
 * - a limit for the old: V8 lets the heap of a machine with much memory grow to 100 MB before it first looks.
 * Not `--optimize-for-size`: it saves 20 MB more, and a process in two then runs at half speed for good, busy collecting.
 */
export const INFERENCE_NODE_FLAGS: readonly string[] = [
  '--v8-pool-size=1',
  '--no-maglev',
  '--no-sparkplug',
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--max-old-space-size=512',
];
