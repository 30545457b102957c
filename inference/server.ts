/**
 * Runs the prediction service, settings from the environment:
 * `node --max-semi-space-size=2 --v8-pool-size=1 --no-maglev --optimize-for-size inference/server.ts`.
 * The flags about halve its memory under load. The first three cost nothing that was measurable: the middle one of three compilers takes
 * 20 MB, and what is hot goes to the last. The fourth saves 30 MB more for a tenth of processor time. It runs without them too.
 */
import cluster from 'node:cluster';
import { pino } from 'pino';
import { messageOf } from '../contracts/errors.ts';
import { loadSettings } from '../settings.ts';
import { runCluster } from './cluster.ts';
import { serve } from './serve.ts';

/** Log lines go out together, as many as come within this time or fill the buffer: one call a line costs a tenth of the throughput. */
const FLUSH_MS = 250;
const BUFFER_BYTES = 4_096;

try {
  const settings = loadSettings();
  const output = pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  process.on('exit', () => output.flushSync());
  const logger = pino({ level: settings.logLevel, base: { service: 'inference', pid: process.pid } }, output);
  if (cluster.isPrimary && settings.inference.workers > 1) await runCluster(settings.inference, logger);
  else await serve(settings, logger);
} catch (error) {
  process.stderr.write(`inference: ${messageOf(error)}\n`);
  process.exit(1);
}
