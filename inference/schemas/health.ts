/** Schemas of the probes' answers. */
import { Type, type Static } from 'typebox';

export const Live = Type.Object({ status: Type.Literal('live') });

const Upstream = Type.Object({
  state: Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('unknown')]),
  since: Type.String(),
  error: Type.Optional(Type.String()),
});

const servedModel = {
  model: Type.String(),
  version: Type.Optional(Type.String()),
  generation: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  source: Type.Optional(Type.Union([Type.Literal('registry'), Type.Literal('disk')])),
  stale: Type.Optional(
    Type.Boolean({ description: 'true: saved by the last run and not yet compared with the registry' }),
  ),
  since: Type.Optional(
    Type.String({ description: 'ISO time since which this version answers in this process' }),
  ),
  trial: Type.Optional(
    Type.Object(
      {
        version: Type.String(),
        mode: Type.Union([Type.Literal('canary'), Type.Literal('shadow')]),
        percent: Type.Number(),
      },
      { description: 'a canary or shadow besides this version, and its percentage of requests' },
    ),
  ),
  reason: Type.Optional(Type.String({ description: 'reason why the service is not ready' })),
  last_failure: Type.Optional(
    Type.Object({ version: Type.String(), message: Type.String(), at: Type.String() }),
  ),
};

export const Ready = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not ready')]),
  ...servedModel,
});
export type Ready = Static<typeof Ready>;

export const Health = Type.Object({
  ...Ready.properties,
  desired_version: Type.Union([Type.String(), Type.Null()]),
  upstreams: Type.Object({ postgres: Upstream, mlflow: Upstream }),
});
