/**
 * Serves the probes. Live: the process answers. Ready: a model has answered its golden request in this process. Health: readiness
 * and the state of the upstreams.
 */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { reasonNotReady } from '../plugins/model.ts';
import type { ModelFollower } from '../model-follower.ts';
import type { ServiceOptions } from '../options.ts';
import { Health, Live, Ready } from '../schemas/health.ts';

const config = { probe: true, access: 'public' } as const;
const tags = ['operations'];

function readiness(name: string, follower: ModelFollower): Ready {
  const { served, canary, lastFailure } = follower.status;
  return {
    status: served ? 'ready' : 'not ready',
    model: name,
    ...(served
      ? {
          version: served.version,
          generation: served.generation,
          source: served.source,
          stale: served.source === 'disk',
          since: served.since,
          ...(canary
            ? { trial: { version: canary.version, mode: canary.mode, percent: canary.percent } }
            : {}),
        }
      : { reason: reasonNotReady(follower) }),
    last_failure: lastFailure,
  };
}

const routes: FastifyPluginAsyncTypebox<ServiceOptions> = async (app, { model: { model } }) => {
  app.get(
    '/livez',
    { config, schema: { tags, summary: 'Liveness of the process', response: { 200: Live } } },
    () => ({ status: 'live' as const }),
  );

  app.get(
    '/readyz',
    { config, schema: { tags, summary: 'Readiness for requests', response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const body = readiness(model, app.models);
      return reply
        .code(body.status === 'ready' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send(body);
    },
  );

  app.get(
    '/healthz',
    {
      config,
      schema: {
        tags,
        summary: 'State of the service and its upstreams',
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const { served, desiredVersion, upstreams } = app.models.status;
      return reply
        .code(served ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ ...readiness(model, app.models), desired_version: desiredVersion, upstreams });
    },
  );
};

export default routes;
