/** Renders the lineage of an artifact as an indented tree. */

export interface LineageFacts {
  readonly nodes: readonly {
    readonly uri: string;
    readonly step: string | null;
    readonly workflowId: string | null;
  }[];
  /** [input, output] */
  readonly edges: readonly (readonly [string, string])[];
  readonly complete: boolean;
}

/**
 * Renders the tree. A node that is reached twice is expanded once; later it is marked `(above)`.
 * @param direction 'up': inputs; 'down': outputs.
 */
export function lineageTree(root: string, lineage: LineageFacts, direction: 'up' | 'down'): string {
  const nodes = new Map(lineage.nodes.map((node) => [node.uri, node]));
  const next = Map.groupBy(lineage.edges, ([input, output]) => (direction === 'up' ? output : input));
  const lines: string[] = [];
  const seen = new Set<string>();
  const walk = (uri: string, depth: number): void => {
    const step = nodes.get(uri)?.step;
    const again = seen.has(uri) && next.has(uri) ? '  (above)' : '';
    lines.push(`${'  '.repeat(depth)}${uri}${step ? `  [${step}]` : ''}${again}`);
    if (seen.has(uri)) return;
    seen.add(uri);
    for (const [input, output] of next.get(uri) ?? []) walk(direction === 'up' ? input : output, depth + 1);
  };
  walk(root, 0);
  if (!lineage.complete)
    lines.push('... the lineage continues: pass a greater --depth, or ask for one of these');
  return `${lines.join('\n')}\n`;
}
