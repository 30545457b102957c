/** Defines references to objects in S3. Workflows carry references, never the bytes. */
import { Type, type Static } from 'typebox';

export const ArtifactRef = Type.Object(
  {
    /** `s3://bucket/key` */
    uri: Type.String({ pattern: '^s3://[^/]+/.+' }),
    /** Digest of the object's bytes, lower-case hex. */
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    bytes: Type.Integer({ minimum: 0 }),
    rows: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Version of the artifact's layout. Readers reject unknown versions. */
    schemaVersion: Type.Integer({ minimum: 1 }),
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
