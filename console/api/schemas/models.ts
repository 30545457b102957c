/** Schemas of registered models, experiments and drift. */
import { Type, type Static } from 'typebox';
import { Answer, JsonValue, Nullable, PageOf, PageQuery, Reason, Time } from './common.ts';

const Numbers = Type.Record(Type.String(), Type.Number());
const Texts = Type.Record(Type.String(), Type.String());

export const VersionBody = Type.Object({
  model: Type.String(),
  version: Type.String(),
  aliases: Type.Array(Type.String()),
  tags: Texts,
  description: Type.String({ description: 'reason why it was promoted, archived or rolled back' }),
  createdAt: Time,
  runId: Type.String({ description: "MLflow's" }),
  metrics: Numbers,
});
export type VersionBody = Static<typeof VersionBody>;

export const ModelList = Answer(
  Type.Object({
    items: Nullable(
      Type.Array(
        Type.Object({ name: Type.String(), versions: Type.Integer(), aliases: Texts, updatedAt: Time }),
      ),
    ),
  }),
);

export const ModelParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 250 }) });
export const VersionParams = Type.Object({
  name: ModelParams.properties.name,
  version: Type.String({ pattern: '^[1-9]\\d{0,8}$', description: 'a version number' }),
});

export const ModelQuery = Type.Object({ ...PageQuery });
export const ModelAnswer = Answer(
  Type.Object({
    name: Type.String(),
    aliases: Texts,
    items: Nullable(Type.Array(VersionBody, { description: 'newest first' })),
    nextCursor: Nullable(Type.String()),
    total: Type.Integer(),
    serving: Nullable(
      Type.Object({
        desiredVersion: Nullable(Type.String()),
        generation: Type.Integer(),
        reason: Type.String(),
        processes: Type.Array(Type.Object({ address: Type.String(), version: Nullable(Type.String()) })),
      }),
    ),
  }),
);

export const CurveBody = Type.Object({
  key: Type.String(),
  points: Type.Array(Type.Object({ step: Type.Number(), value: Type.Number() })),
});

export const Artifacts = Type.Array(
  Type.Object({ path: Type.String(), uri: Type.String(), bytes: Nullable(Type.Number()) }),
);

/** Limits the files of a run in S3. */
const RunFiles = Type.Object({
  artifacts: Artifacts,
  evaluation: Nullable(JsonValue),
  errorByHour: Type.Array(
    Type.Object({ hour: Type.Integer(), rmse: Type.Number(), mae: Type.Number(), bias: Type.Number() }),
  ),
});
export type RunFiles = Static<typeof RunFiles>;

export const VersionDetail = Type.Object({
  version: VersionBody,
  params: Texts,
  curves: Type.Array(CurveBody),
  lineage: Nullable(Type.String({ description: 's3:// address at which the lineage begins' })),
  workflowId: Nullable(Type.String({ description: 'run that trained the version' })),
  ...RunFiles.properties,
  artifacts: Nullable(Artifacts),
});
export type VersionDetail = Static<typeof VersionDetail>;
export const VersionAnswer = Answer(Nullable(VersionDetail));

export const CompareQuery = Type.Object({
  a: VersionParams.properties.version,
  b: VersionParams.properties.version,
});
export const CompareAnswer = Answer(Nullable(Type.Object({ a: VersionDetail, b: VersionDetail })));

export const PromoteBody = Type.Object(
  { version: VersionParams.properties.version, reason: Reason },
  { additionalProperties: false },
);
export const RollbackBody = Type.Object(
  { version: Type.Optional(VersionParams.properties.version), reason: Reason },
  { additionalProperties: false },
);
export const ApprovalAction = Type.Object(
  { approve: Type.Boolean({ description: 'true or false' }), reason: Reason },
  { additionalProperties: false },
);

export const ExperimentRun = Type.Object({
  runId: Type.String(),
  name: Type.String(),
  status: Type.String(),
  startedAt: Time,
  durationMs: Nullable(Type.Number()),
  parentRunId: Nullable(Type.String()),
  kind: Nullable(Type.String({ description: "'search' or 'trial'; null for a training" })),
  trialState: Nullable(Type.String({ description: "how a trial ended, such as 'pruned at rung 1'" })),
  workflowId: Nullable(Type.String()),
  params: Texts,
  metrics: Numbers,
});
export type ExperimentRun = Static<typeof ExperimentRun>;

export const ExperimentQuery = Type.Object({
  ...PageQuery,
  sort: Type.Optional(
    Type.String({
      pattern: '^(startedAt|duration|name|status|metrics\\.[\\w. /-]{1,200}|params\\.[\\w. /-]{1,200})$',
      description: 'startedAt, duration, name, status, metrics.NAME or params.NAME',
    }),
  ),
  order: Type.Optional(
    Type.Union([Type.Literal('asc'), Type.Literal('desc')], { description: "'asc' or 'desc'" }),
  ),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'part of a run name' })),
  topLevel: Type.Optional(
    Type.Boolean({
      default: false,
      description: 'true omits runs that are nested in another, such as trials',
    }),
  ),
});
export const ExperimentPage = PageOf(ExperimentRun);
export const ExperimentAnswer = Answer(
  Nullable(
    Type.Object({
      run: ExperimentRun,
      tags: Texts,
      curves: Type.Array(CurveBody),
      artifacts: Nullable(Artifacts),
      errorByHour: RunFiles.properties.errorByHour,
      children: Type.Array(ExperimentRun, { description: 'trials of a search' }),
    }),
  ),
);

export const TrainingFromSearchAnswer = Answer(
  Type.Object({
    searchRunId: Type.String({ description: 'MLflow run of the search' }),
    trial: Type.Integer(),
    rmse: Nullable(Type.Number({ description: 'RMSE of the trial on hidden weeks' })),
    input: JsonValue,
  }),
);

export const DriftQuery = Type.Object({
  system: Type.Optional(Type.String({ maxLength: 50 })),
  model: Type.Optional(Type.String({ maxLength: 250, description: 'a model version' })),
});
/** Matches what core/drift/report/histograms.ts writes into the report of a check. */
const Histogram = Type.Object({
  bins: Type.Array(Type.Array(Type.Union([Type.Number(), Type.String()]), { minItems: 1, maxItems: 2 }), {
    description: 'lower and upper bound of each bin, or the single value in it',
  }),
  reference: Type.Array(Type.Integer()),
  current: Type.Array(Type.Integer()),
  weeks: Type.Record(Type.String(), Type.Array(Type.Integer()), {
    description: 'histograms of current, by ISO week',
  }),
});
export const HistogramAnswer = Answer(
  Nullable(
    Type.Object({
      referenceFrom: Type.String(),
      referenceTo: Type.String(),
      currentFrom: Type.String(),
      currentTo: Type.String(),
      columns: Nullable(
        Type.Array(Type.Object({ column: Type.String(), ...Histogram.properties }), {
          description: 'null for a report of an earlier version, which has no histograms',
        }),
      ),
    }),
  ),
);
export type HistogramBody = Static<typeof HistogramAnswer>['data'];

export const DriftAnswer = Answer(
  Type.Object({
    systems: Type.Array(Type.String()),
    weeks: Nullable(
      Type.Array(Type.Record(Type.String(), Type.Unknown()), {
        description: 'columns of drift_weeks (migrations/002_drift.sql), oldest first',
      }),
    ),
    columns: Nullable(
      Type.Array(
        Type.Object({
          week: Type.String(),
          column: Type.String(),
          test: Nullable(Type.String()),
          score: Nullable(Type.Number()),
          threshold: Nullable(Type.Number()),
          drifted: Type.Boolean(),
        }),
      ),
    ),
    decisions: Nullable(
      Type.Array(
        Type.Object({
          system: Type.String(),
          model: Type.String(),
          version: Type.String(),
          decision: Type.String({ description: 'keep, watch, retrain or alert' }),
          reasons: Type.Array(Type.String()),
          referenceFrom: Type.String(),
          referenceTo: Type.String(),
          currentFrom: Type.String(),
          currentTo: Type.String(),
          weeks: Type.Integer(),
          driftedWeeks: Type.Integer(),
          reportUri: Type.String(),
          htmlUri: Type.String(),
          retraining: Nullable(
            Type.Object({
              outcome: Type.String({ description: 'started, promoted, rejected or failed' }),
              reason: Nullable(Type.String()),
            }),
            { description: 'the retraining that the check started; null if it started none' },
          ),
          recordedAt: Time,
        }),
      ),
    ),
  }),
);
