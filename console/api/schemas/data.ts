/** Schemas of months of data, artifacts and lineage. */
import { Type, type Static } from 'typebox';
import { Month } from '../../../contracts/months.ts';
import { Answer, JsonValue, Nullable, Time } from './common.ts';

export const MonthBody = Type.Object({
  system: Type.String({ description: "id of a system; with '-synthetic' for synthetic data" }),
  rules: Type.String(),
  month: Type.String({ description: 'YYYY-MM' }),
  state: Type.Union([
    Type.Literal('missing'),
    Type.Literal('fetched'),
    Type.Literal('processed'),
    Type.Literal('provisional'),
    Type.Literal('quarantined'),
  ]),
  hours: Nullable(Type.Integer()),
  trips: Nullable(Type.Integer()),
  quality: Nullable(Type.Union([Type.Literal('pass'), Type.Literal('warn'), Type.Literal('fail')])),
  digest: Nullable(Type.String()),
  files: Type.Array(Type.String({ description: 's3:// addresses of raw files of the month' })),
});
export type MonthBody = Static<typeof MonthBody>;

export const DataAnswer = Answer(
  Type.Object({ systems: Type.Array(Type.String()), months: Nullable(Type.Array(MonthBody)) }),
);

export const MonthParams = Type.Object({
  system: Type.String({
    pattern: '^[a-z][a-z0-9-]{0,50}$',
    description: 'id of a system such as nyc, or nyc-synthetic',
  }),
  rules: Type.String({ pattern: '^(seed|all)$', description: 'seed or all' }),
  month: Month,
});

export const MonthAnswer = Answer(
  Nullable(
    Type.Object({
      month: MonthBody,
      dataset: Nullable(JsonValue),
      report: Nullable(JsonValue),
      preview: Type.Array(Type.Record(Type.String(), Type.Unknown()), { description: 'the first 48 hours' }),
      qualityPage: Nullable(Type.String({ description: 's3:// address of the HTML report' })),
    }),
  ),
);

const S3_URI = '^s3://[^/]+/.+';
export const UriQuery = Type.Object({
  uri: Type.String({ pattern: S3_URI, maxLength: 1500, description: 'an address s3://bucket/key' }),
});

export const FolderQuery = Type.Object({
  bucket: Type.Optional(
    Type.String({ maxLength: 100, description: 'one of the three buckets; default: the list of buckets' }),
  ),
  prefix: Type.Optional(
    Type.String({ maxLength: 1000, default: '', description: 'a folder, ending in a slash' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 2000 })),
});

export const FolderAnswer = Answer(
  Type.Object({
    buckets: Type.Array(Type.String()),
    folders: Nullable(Type.Array(Type.String({ description: 'prefixes, ending in a slash' }))),
    objects: Nullable(Type.Array(Type.Object({ uri: Type.String(), bytes: Type.Number(), modified: Time }))),
    nextCursor: Nullable(Type.String()),
  }),
);

export const ManifestAnswer = Answer(
  Nullable(
    Type.Object({
      uri: Type.String(),
      bytes: Type.Number(),
      modified: Time,
      manifest: Nullable(JsonValue),
    }),
  ),
);

export const LineageQuery = Type.Object({
  uri: UriQuery.properties.uri,
  direction: Type.Optional(
    Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('both')], {
      default: 'both',
      description: "'up' (inputs), 'down' (outputs) or 'both'",
    }),
  ),
  depth: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 20, default: 8, description: 'an integer from 1 to 20' }),
  ),
});

const LineageNode = Type.Object({
  uri: Type.String(),
  name: Type.String(),
  step: Nullable(Type.String({ description: 'step that wrote it; null for external data' })),
  workflowId: Nullable(Type.String()),
  distance: Type.Integer({ description: 'number of steps from the requested artifact; negative for inputs' }),
});
export const LineageAnswer = Answer(
  Nullable(
    Type.Object({
      nodes: Type.Array(LineageNode),
      edges: Type.Array(Type.Tuple([Type.String(), Type.String()]), {
        description: 'uris: from input to output',
      }),
      complete: Type.Boolean({
        description: 'false if the graph was cut at 500 nodes or at the requested depth',
      }),
    }),
  ),
);
