import { useEffect, useId } from 'react';
import { useWidth } from '../charts/use-width.ts';
import { lookOf } from '../ui/state-badge.tsx';
import { layeredLayout, type Edge } from './layered-layout.ts';

interface GraphNode {
  readonly id: string;
  readonly title: string;
  /** Up to two lines under the title. */
  readonly lines: readonly string[];
  /** Chooses the colour; `lines` name the state too. */
  readonly state: string;
  readonly here?: boolean;
}

interface GraphViewProps {
  readonly label: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
  readonly onSelect: (id: string) => void;
  /** Narrows the nodes so that the graph fits its place, where that leaves room for a name. */
  readonly fit?: boolean;
}

const WIDTH = 212;
const LEAST_WIDTH = 132;
const HEIGHT = 58;
const GAP_X = 44;
const GAP_Y = 14;

/** Draws a graph from left to right, with a button per node. */
export function GraphView({ label, nodes, edges, onSelect, fit = false }: GraphViewProps) {
  const arrow = useId();
  const [scroller, available] = useWidth<HTMLDivElement>();
  const layout = layeredLayout(
    nodes.map(({ id }) => id),
    edges,
  );
  const gap = fit ? GAP_X / 2 : GAP_X;
  const fitting = Math.floor((available - 12 + gap) / layout.layers - gap);
  const width = fit ? Math.max(LEAST_WIDTH, Math.min(WIDTH, fitting)) : WIDTH;
  const height = layout.rows * (HEIGHT + GAP_Y) + 8;
  const sizes = Map.groupBy(layout.nodes, ({ layer }) => layer);
  const places = new Map(
    layout.nodes.map(({ id, layer, row }) => {
      const inLayer = sizes.get(layer)!.length;
      const top = (height - inLayer * (HEIGHT + GAP_Y)) / 2;
      return [id, { x: 4 + layer * (width + gap), y: top + row * (HEIGHT + GAP_Y) + GAP_Y / 2 }] as const;
    }),
  );
  const here = nodes.find((node) => node.here)?.id;
  useEffect(() => {
    const place = here === undefined ? undefined : places.get(here);
    if (!scroller.current || !place) return;
    const { clientWidth, clientHeight } = scroller.current;
    scroller.current.scrollTo(place.x - (clientWidth - width) / 2, place.y - (clientHeight - HEIGHT) / 2);
    // Scrolls only if the chosen node or the graph changes, because the reader may have scrolled meanwhile.
    // The places follow from both dependencies.
  }, [here, nodes.length, width]);
  return (
    <div ref={scroller} className="scroll-x graph" tabIndex={0} role="region" aria-label={label}>
      <svg className="chart" width={layout.layers * (width + gap) - gap + 12} height={height}>
        <defs>
          <marker
            id={arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto"
          >
            <path className="arrow" d="M0 0l8 4-8 4z" />
          </marker>
        </defs>
        {edges.map(([from, to]) => {
          const a = places.get(from);
          const b = places.get(to);
          if (!a || !b) return null;
          const [x1, y1, x2, y2] = [a.x + width, a.y + HEIGHT / 2, b.x - 1, b.y + HEIGHT / 2];
          const bend = Math.max(gap / 2, (x2 - x1) / 2);
          return (
            <path
              key={`${from} ${to}`}
              className="edge"
              markerEnd={`url(#${arrow})`}
              d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
            />
          );
        })}
        {nodes.map((node) => (
          <Node
            key={node.id}
            node={node}
            width={width}
            at={places.get(node.id)!}
            onSelect={() => onSelect(node.id)}
          />
        ))}
      </svg>
    </div>
  );
}

interface NodeProps {
  readonly node: GraphNode;
  readonly width: number;
  readonly at: { readonly x: number; readonly y: number };
  readonly onSelect: () => void;
}

function Node({ node, width, at, onSelect }: NodeProps) {
  const look = `node node-${lookOf(node.state).tone}${node.here ? ' node-here' : ''}`;
  return (
    <foreignObject x={at.x} y={at.y} width={width} height={HEIGHT}>
      <button
        type="button"
        className={look}
        aria-current={node.here || undefined}
        title={[node.title, ...node.lines].join('\n')}
        onClick={onSelect}
      >
        <b>{node.title}</b>
        {node.lines.slice(0, 2).map((line, i) => (
          <span key={i}>{line}</span>
        ))}
      </button>
    </foreignObject>
  );
}
