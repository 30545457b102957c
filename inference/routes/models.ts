/** Serves GET /v1/models. A process has one model; the answer is a list for later extension. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { ServedModel } from '../model-follower.ts';
import { HttpProblem } from '../../adapters/fastify/problem.ts';
import { ModelInfo, ModelList } from '../schemas/models.ts';
import { versionFacts } from '../version-facts.ts';
import { NOT_FOUND_PROBLEM } from '../schemas/problem.ts';

const tags = ['models'];
const config = { access: 'read' } as const;

async function infoOf({
  name,
  version,
  generation,
  source,
  since,
  digest,
  files,
  model: { spec, forwardPass },
}: ServedModel): Promise<ModelInfo> {
  const { metrics, signature, registry } = await versionFacts(files);
  const { synthetic, ...trainedOn } = spec.trainedOn;
  return {
    name,
    version,
    generation,
    source,
    since,
    digest,
    feature_set: spec.featureSet,
    features: [...spec.features],
    interval: spec.heads.includes(0.05) && spec.heads.includes(0.95) ? 0.9 : null,
    trained_on: trainedOn,
    growth_per_day: spec.growth.rate,
    backend: spec.backend,
    forward_pass: forwardPass,
    seeds: [...spec.seeds],
    metrics: metrics && { ...metrics },
    signature: signature && { ...signature },
    registry: registry && { ...registry, lineage: { ...registry.lineage } },
    golden: spec.golden,
    synthetic,
  };
}

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/v1/models',
    { config, schema: { tags, summary: 'Models loaded', response: { 200: ModelList } } },
    async () => ({
      models: app.models.served ? [await infoOf(app.models.served)] : [],
    }),
  );

  app.get(
    '/v1/models/:name',
    {
      config,
      schema: {
        tags,
        summary: 'One model',
        params: Type.Object({ name: Type.String() }),
        response: { 200: ModelInfo, ...NOT_FOUND_PROBLEM },
      },
    },
    async ({ params }) => {
      const { served } = app.models;
      if (served?.name !== params.name) {
        throw new HttpProblem(
          404,
          'not-found',
          `No model of that name is loaded; /v1/models lists the loaded ones.`,
        );
      }
      return infoOf(served);
    },
  );
};

export default routes;
