/** References to what lies in S3. Workflows carry these and never the bytes themselves. */
import { Type, type Static } from 'typebox';

export const ArtifactRef = Type.Object(
  {
    /** `s3://bucket/key` */
    uri: Type.String({ pattern: '^s3://[^/]+/.+' }),
    /** Digest of the object's bytes, lower-case hex. */
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    bytes: Type.Integer({ minimum: 0 }),
    rows: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Version of the artifact's own layout; readers refuse one they do not know. */
    schemaVersion: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
);
export type ArtifactRef = Static<typeof ArtifactRef>;

/** What an activity that produces an artifact answers: the reference, and whether it was found rather than made. */
export interface Produced {
  readonly ref: ArtifactRef;
  readonly cached: boolean;
}

/** Written beside each artifact as `{name}.manifest.json`: the lineage that `citibike lineage` and the console walk. */
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
  /** Counts and checks of the step, free in form: rows kept, rejected by rule, days of weather filled, ... */
  readonly facts: Readonly<Record<string, unknown>>;
  /** True when any input came from the synthetic system. */
  readonly synthetic: boolean;
}
