/** Finds the inputs and outputs of an artifact: from Postgres, or from the manifests in S3 while Postgres is unavailable. */
import type { Manifest } from '../../contracts/artifact.ts';
import { lineageEdges, type LineageEdge } from '../../adapters/postgres/lineage-edges.ts';
import type { Sources } from './sources.ts';

const MOST_NODES = 500;
const MANIFESTS_AT_ONCE = 40;

interface LineageNode {
  uri: string;
  name: string;
  step: string | null;
  workflowId: string | null;
  distance: number;
}

export interface Lineage {
  nodes: LineageNode[];
  /** Pairs of input and output. */
  edges: [string, string][];
  complete: boolean;
}

/** Returns null if neither Postgres nor S3 answers. */
export async function lineageOf(
  sources: Sources,
  uri: string,
  direction: 'up' | 'down' | 'both',
  depth: number,
): Promise<Lineage | null> {
  sources.storage.checked(uri);
  const nodes = new Map<string, LineageNode>([[uri, nodeOf(uri, 0)]]);
  const edges = new Map<string, [string, string]>();
  let complete = true;
  for (const way of direction === 'both' ? (['up', 'down'] as const) : [direction]) {
    let frontier = [uri];
    for (let step = 1; frontier.length > 0; step += 1) {
      if (step > depth || nodes.size >= MOST_NODES) {
        complete = false;
        break;
      }
      const found = await edgesOf(sources, frontier, way);
      if (found === null) return null;
      const next: string[] = [];
      for (const edge of found) {
        edges.set(`${edge.from}\n${edge.to}`, [edge.from, edge.to]);
        const other = way === 'up' ? edge.from : edge.to;
        if (!nodes.has(other) && nodes.size < MOST_NODES) {
          nodes.set(other, nodeOf(other, way === 'up' ? -step : step));
          next.push(other);
        }
        const made = nodes.get(edge.to);
        if (made) Object.assign(made, { step: edge.step, workflowId: edge.workflowId });
      }
      frontier = next;
    }
  }
  const known = [...edges.values()].filter(([from, to]) => nodes.has(from) && nodes.has(to));
  return { nodes: [...nodes.values()], edges: known, complete };
}

async function edgesOf(
  { upstreams, database, storage }: Sources,
  uris: readonly string[],
  way: 'up' | 'down',
): Promise<LineageEdge[] | null> {
  const edges = await upstreams.ask('postgres', () => lineageEdges(database, uris, way, MOST_NODES * 2));
  // Manifests name only inputs, so outputs are known only to Postgres.
  if (way === 'down') return edges;
  const known = new Set((edges ?? []).map(({ to }) => to));
  const unknown = uris
    .filter((uri) => !known.has(uri) && isOurs(uri, storage.buckets))
    .slice(0, MANIFESTS_AT_ONCE);
  const told = await upstreams.ask('s3', () =>
    Promise.all(unknown.map((uri) => manifestEdges(storage, uri))),
  );
  if (edges === null && told === null) return null;
  return [...(edges ?? []), ...(told ?? []).flat()];
}

function isOurs(uri: string, buckets: readonly string[]): boolean {
  return buckets.some((bucket) => uri.startsWith(`s3://${bucket}/`));
}

async function manifestEdges(storage: Sources['storage'], uri: string): Promise<LineageEdge[]> {
  const text = await storage.text(`${uri}.manifest.json`);
  if (text === undefined) return [];
  const { inputs = [], step, workflowId } = manifestIn(text);
  return inputs.map((input) => ({
    from: input.uri,
    to: uri,
    step: step ?? '',
    workflowId: workflowId ?? '',
  }));
}

/** Returns an empty manifest if the text is unreadable, because the rest of the graph is still useful. */
function manifestIn(text: string): Partial<Manifest> {
  try {
    const manifest = (JSON.parse(text) ?? {}) as Partial<Manifest>;
    return Array.isArray(manifest.inputs) ? manifest : {};
  } catch {
    return {};
  }
}

function nodeOf(uri: string, distance: number): LineageNode {
  return { uri, name: uri.slice(uri.lastIndexOf('/') + 1), step: null, workflowId: null, distance };
}
