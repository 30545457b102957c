/**
 * Runs the prediction service with settings from the environment: `npm run inference`, with the flags of
 * `contracts/inference-flags.ts`.
 */
import cluster from 'node:cluster';
import { serviceLog } from '../adapters/log/service-log.ts';
import { messageOf } from '../contracts/errors.ts';
import { loadSettings } from '../settings.ts';
import { bufferedLog } from './buffered-log.ts';
import { runCluster } from './cluster.ts';
import { serve } from './serve.ts';

try {
  const settings = loadSettings();
  const logger = serviceLog('inference', settings.logLevel, bufferedLog());
  if (cluster.isPrimary && settings.inference.workers > 1) await runCluster(settings.inference, logger);
  else await serve(settings, logger);
} catch (error) {
  process.stderr.write(`inference: ${messageOf(error)}\n`);
  process.exit(1);
}
