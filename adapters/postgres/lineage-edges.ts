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
