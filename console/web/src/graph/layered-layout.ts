/** Places the nodes of a directed acyclic graph in layers, left to right, with few crossings. */

interface Placed {
  readonly id: string;
  readonly layer: number;
  /** Place within the layer, from the top. */
  readonly row: number;
}

interface Layout {
  readonly nodes: readonly Placed[];
  readonly layers: number;
  /** Nodes of the fullest layer. */
  readonly rows: number;
}

export type Edge = readonly [from: string, to: string];

/** Returns the pairs of a JSON list as edges. */
export function edgesOf(pairs: readonly (readonly string[])[]): Edge[] {
  return pairs.flatMap(([from, to]) => (from !== undefined && to !== undefined ? [[from, to] as const] : []));
}

const SWEEPS = 4;

/** Puts a node at its longest distance from a source; ignores edges to unknown nodes and edges that close a cycle. */
export function layeredLayout(ids: readonly string[], edges: readonly Edge[]): Layout {
  const known = new Set(ids);
  const usable = edges.filter(([from, to]) => from !== to && known.has(from) && known.has(to));
  const layerOf = longestPaths(ids, usable);
  const layers: string[][] = [];
  for (const id of ids) (layers[layerOf.get(id)!] ??= []).push(id);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    const order = forward ? layers : [...layers].reverse();
    for (const layer of order) sortByNeighbours(layer, layers, usable, forward);
  }
  return {
    nodes: layers.flatMap((layer, at) => layer.map((id, row) => ({ id, layer: at, row }))),
    layers: layers.length,
    rows: Math.max(0, ...layers.map(({ length }) => length)),
  };
}

function longestPaths(ids: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const next = Map.groupBy(edges, ([from]) => from);
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const [, to] of edges) waiting.set(to, waiting.get(to)! + 1);
  const layer = new Map(ids.map((id) => [id, 0]));
  const ready = ids.filter((id) => waiting.get(id) === 0);
  while (ready.length > 0) {
    const id = ready.shift()!;
    for (const [, to] of next.get(id) ?? []) {
      layer.set(to, Math.max(layer.get(to)!, layer.get(id)! + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  return layer;
}

/** Sorts a layer by the mean row of the neighbours in the layer sorted before. */
function sortByNeighbours(
  layer: string[],
  layers: readonly (readonly string[])[],
  edges: readonly Edge[],
  forward: boolean,
): void {
  const row = new Map(layers.flatMap((nodes) => nodes.map((id, i) => [id, i] as const)));
  const centre = new Map(
    layer.map((id, i) => {
      const rows = edges.flatMap(([from, to]) => {
        if (forward) return to === id ? [row.get(from)!] : [];
        return from === id ? [row.get(to)!] : [];
      });
      return [id, rows.length > 0 ? rows.reduce((sum, value) => sum + value, 0) / rows.length : i] as const;
    }),
  );
  layer.sort((a, b) => centre.get(a)! - centre.get(b)!);
}
