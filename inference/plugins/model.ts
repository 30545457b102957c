/** Runs the model follower in the service: starts it before the service listens, and stops it after the last answer. */
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { ModelFollower, type ServedModel } from '../model-follower.ts';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import type { ServiceOptions } from '../options.ts';

/** Seconds; a load takes about as long. */
const RETRY_AFTER_SECONDS = 2;

declare module 'fastify' {
  interface FastifyInstance {
    models: ModelFollower;
  }
}

export default fp<ServiceOptions>(
  (app: FastifyInstance, { model: options }) => {
    const { metrics } = app;
    const follower = new ModelFollower({
      ...options,
      log: app.log.child({ component: 'model' }),
      onSwap: ({ name, version, source, generation, model: { spec } }) => {
        metrics.modelSwaps.inc();
        metrics.modelGeneration.set(generation ?? 0);
        metrics.model.reset();
        metrics.model.set(
          {
            model: name,
            version,
            source,
            feature_set: spec.featureSet,
            synthetic: String(spec.trainedOn.synthetic),
          },
          1,
        );
        showShares();
      },
      onCanary: () => showShares(),
      onLoadFailure: () => metrics.modelLoadFailures.inc(),
    });
    function showShares(): void {
      const { served, canary } = follower;
      metrics.modelShare.reset();
      if (!served) return;
      const model = served.name;
      const toCandidate = canary?.state.mode === 'canary' ? canary.state.percent / 100 : 0;
      metrics.modelShare.set({ model, version: served.version, role: 'served' }, 1 - toCandidate);
      if (canary) {
        const { version, mode } = canary.state;
        metrics.modelShare.set({ model, version, role: mode }, toCandidate);
      }
    }
    app.decorate('models', follower);
    app.addHook('onReady', () => follower.start());
    app.addHook('onClose', () => follower.stop());
  },
  { name: 'model', dependencies: ['metrics'] },
);

/** Explains in a sentence why no model is served yet. */
export function reasonNotReady({ status }: ModelFollower): string {
  const { desiredVersion, loading, lastFailure, upstreams } = status;
  if (loading) return `Version ${loading} is being loaded.`;
  if (lastFailure) return `Version ${lastFailure.version} could not be loaded.`;
  if (upstreams.postgres.state !== 'up')
    return 'The wanted version is unknown: Postgres has not answered yet.';
  if (desiredVersion === null)
    return 'No version is deployed yet; train one and deploy it (make training, make deploy).';
  return `Version ${desiredVersion} is about to be loaded.`;
}

/**
 * Returns the model to answer a request from.
 * @throws HttpProblem 503 if no model is served yet.
 */
export function servedModel(follower: ModelFollower): ServedModel {
  const { served } = follower;
  if (served) return served;
  throw new HttpProblem(503, 'not-ready', reasonNotReady(follower), { retryAfter: RETRY_AFTER_SECONDS });
}
