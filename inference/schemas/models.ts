/** Schemas of the loaded models. */
import { Type, type Static } from 'typebox';

export const ModelInfo = Type.Object({
  name: Type.String(),
  version: Type.String(),
  generation: Type.Union([Type.Integer(), Type.Null()]),
  source: Type.Union([Type.Literal('registry'), Type.Literal('disk')]),
  since: Type.String(),
  digest: Type.String({ description: 'SHA-256 over the files' }),
  feature_set: Type.String(),
  features: Type.Array(Type.String()),
  interval: Type.Union([Type.Number(), Type.Null()], {
    description: 'nominal share of hours inside the interval',
  }),
  trained_on: Type.Object({
    system: Type.String(),
    from: Type.String(),
    to: Type.String(),
    hours: Type.Integer(),
  }),
  growth_per_day: Type.Number(),
  backend: Type.String({ description: 'TensorFlow.js backend of the training' }),
  forward_pass: Type.Union([Type.Literal('simd'), Type.Literal('tensorflow')], {
    description: 'backend of this process: WebAssembly vectors, or TensorFlow.js for layers of other shapes',
  }),
  seeds: Type.Array(Type.Integer()),
  metrics: Type.Union([Type.Record(Type.String(), Type.Number()), Type.Null()], {
    description: 'errors on the hours that the training held out; null if the version has no report',
  }),
  signature: Type.Union([Type.Object({ inputs: Type.Unknown(), outputs: Type.Unknown() }), Type.Null()], {
    description: "MLflow's signature; null if the version has none",
  }),
  registry: Type.Union(
    [
      Type.Object({
        run_id: Type.String(),
        registered_at: Type.String(),
        lineage: Type.Record(Type.String(), Type.String(), {
          description: 'artifacts that the version was made from, by name',
        }),
      }),
      Type.Null(),
    ],
    { description: 'null for a version that was not loaded from the registry' },
  ),
  golden: Type.Object({ input: Type.Unknown(), prediction: Type.Number() }),
  synthetic: Type.Boolean({ description: 'true: trained on synthetic data' }),
});
export type ModelInfo = Static<typeof ModelInfo>;

export const ModelList = Type.Object({ models: Type.Array(ModelInfo) });
