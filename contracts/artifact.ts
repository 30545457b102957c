/** Defines references to objects in S3. Workflows carry references, never the bytes. */
import { Type, type Static } from 'typebox';

export const ArtifactRef = Type.Object(
  {
    uri: Type.String({
      title: 'address of the object',
      pattern: '^s3://[^/]+/.+',
      description: 'an address as s3://bucket/key',
    }),
    sha256: Type.String({
      title: 'SHA-256 digest of the object',
      pattern: '^[0-9a-f]{64}$',
      description: '64 lower-case hex digits',
    }),
    bytes: Type.Integer({ title: 'size in bytes', minimum: 0, description: 'an integer of at least 0' }),
    rows: Type.Optional(
      Type.Integer({ title: 'number of rows', minimum: 0, description: 'an integer of at least 0' }),
    ),
    /** Readers reject unknown versions. */
    schemaVersion: Type.Integer({
      title: 'version of the layout of the artifact',
      minimum: 1,
      description: 'an integer of at least 1',
    }),
  },
  { additionalProperties: false },
);
export type ArtifactRef = Static<typeof ArtifactRef>;

/** Represents the answer of an activity that produces an artifact. `cached` is true if the artifact existed before. */
export interface Produced {
  readonly ref: ArtifactRef;
  readonly cached: boolean;
}

/** Describes an artifact, in `{name}.manifest.json` beside it. `citibike lineage` and the console follow its inputs. */
export interface Manifest {
  readonly artifact: ArtifactRef;
  /** `fetch`, `preprocess`, `frame`, `train`, ... */
  readonly step: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly codeVersion: string;
  readonly createdAt: string;
  readonly inputs: readonly ArtifactRef[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Counts and checks of the step, such as rows kept and days of weather filled. Each step has its own names. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** True if any input is synthetic. */
  readonly synthetic: boolean;
}
