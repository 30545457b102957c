/** Reads lineage edges: which artifact was made from which. */
import type { Queryable } from './database.ts';

export interface LineageEdge {
  /** Address of the input. */
  readonly from: string;
  /** Address of the artifact made from it. */
  readonly to: string;
  readonly step: string;
  readonly workflowId: string;
}

/** Lists the edges that lead to the artifacts (`up`) or start from them (`down`). */
export async function lineageEdges(
  db: Queryable,
  uris: readonly string[],
  direction: 'up' | 'down',
  limit: number,
): Promise<LineageEdge[]> {
  const column = direction === 'up' ? 'output_uri' : 'input_uri';
  return db.query<LineageEdge>(
    `SELECT input_uri AS "from", output_uri AS "to", step, workflow_id AS "workflowId"
     FROM lineage_edges WHERE ${column} = ANY($1) ORDER BY created_at LIMIT $2`,
    [uris, limit],
  );
}

interface RecordedArtifact {
  readonly uri: string;
  readonly step: string;
  readonly workflowId: string;
  readonly recordedAt: Date;
}

/** Lists artifacts that a step made, newest first. Each word must occur in the address or the workflow id. */
export async function findArtifacts(
  db: Queryable,
  filter: {
    readonly step: string | undefined;
    readonly words: readonly string[];
    readonly offset: number;
    readonly limit: number;
  },
): Promise<RecordedArtifact[]> {
  const patterns = filter.words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  return db.query<RecordedArtifact>(
    `SELECT output_uri AS uri, max(step) AS step, max(workflow_id) AS "workflowId", max(created_at) AS "recordedAt"
     FROM lineage_edges
     WHERE ($1::text IS NULL OR step = $1) AND output_uri || ' ' || workflow_id ILIKE ALL ($2::text[])
     GROUP BY output_uri ORDER BY max(created_at) DESC, output_uri LIMIT $3 OFFSET $4`,
    [filter.step ?? null, patterns, filter.limit, filter.offset],
  );
}

/** Counts the artifacts of each step, the most first. */
export async function artifactsByStep(db: Queryable): Promise<{ step: string; artifacts: number }[]> {
  return db.query<{ step: string; artifacts: number }>(
    `SELECT step, count(DISTINCT output_uri)::int AS artifacts FROM lineage_edges GROUP BY step ORDER BY 2 DESC, 1 LIMIT 100`,
  );
}
