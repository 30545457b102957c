/** Schemas of artifacts: folders, search, previews and lineage. */
import { Type, type Static } from 'typebox';
import { Answer, JsonValue, Nullable, PageQuery, Time } from './common.ts';

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

export const SearchQuery = Type.Object({
  ...PageQuery,
  step: Type.Optional(
    Type.String({ pattern: '^[\\w-]{1,60}$', description: 'step that made the artifact, such as evaluate' }),
  ),
  q: Type.Optional(Type.String({ maxLength: 200, description: 'words of the address or the workflow id' })),
});

export const SearchAnswer = Answer(
  Type.Object({
    items: Nullable(
      Type.Array(
        Type.Object({ uri: Type.String(), step: Type.String(), workflowId: Type.String(), recordedAt: Time }),
        { description: 'newest first' },
      ),
    ),
    nextCursor: Nullable(Type.String()),
    steps: Nullable(
      Type.Array(Type.Object({ step: Type.String(), artifacts: Type.Integer() }), {
        description: 'number of artifacts by the step that made them',
      }),
    ),
  }),
);

const PreviewTable = Type.Object({
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.String(),
      min: Nullable(Type.String()),
      max: Nullable(Type.String()),
      nulls: Nullable(Type.Number()),
      mean: Nullable(Type.Number()),
      distinct: Nullable(Type.Number({ description: 'approximate number of different values' })),
    }),
  ),
  allColumns: Type.Integer({ description: 'columns of the file, of which the first 60 are shown' }),
  rows: Nullable(Type.Number({ description: 'null if only the beginning of a CSV was read' })),
  head: Nullable(
    Type.Array(Type.Array(Nullable(Type.String())), { description: 'the first 50 rows as text' }),
  ),
  statistics: Type.Union([Type.Literal('every row'), Type.Literal('first rows')]),
});

export const PreviewBody = Type.Object({
  kind: Type.Enum(['table', 'image', 'page', 'json', 'text', 'none'], {
    description: 'an image or a page is shown from /api/artifacts/content?show=true',
  }),
  table: Nullable(PreviewTable),
  value: JsonValue,
  text: Nullable(Type.String()),
  note: Nullable(Type.String({ description: 'why there is no preview, or what it leaves out' })),
});
export type PreviewBody = Static<typeof PreviewBody>;
export const PreviewAnswer = Answer(Nullable(PreviewBody));
