import { describe, expect, it } from 'vitest';
import { layeredLayout } from '../../../console/web/src/graph/layered-layout.ts';

function layersOf(ids: string[], edges: [string, string][]): Record<string, number> {
  return Object.fromEntries(layeredLayout(ids, edges).nodes.map(({ id, layer }) => [id, layer]));
}

describe('layeredLayout', () => {
  it('places a node after all its predecessors', () => {
    const edges: [string, string][] = [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ];
    expect(layersOf(['c', 'b', 'a'], edges)).toEqual({ a: 0, b: 1, c: 2 });
  });

  it('uncrosses two lines', () => {
    const { nodes } = layeredLayout(
      ['a', 'b', 'x', 'y'],
      [
        ['a', 'y'],
        ['b', 'x'],
      ],
    );
    const row = Object.fromEntries(nodes.map((node) => [node.id, node.row]));
    expect(Math.sign(row['a']! - row['b']!)).toBe(Math.sign(row['y']! - row['x']!));
  });

  it('places every node of a cycle, and ignores edges to unknown nodes', () => {
    const { nodes } = layeredLayout(
      ['a', 'b'],
      [
        ['a', 'b'],
        ['b', 'a'],
        ['a', 'elsewhere'],
      ],
    );
    expect(nodes.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  it('counts layers and the rows of the fullest one', () => {
    const { layers, rows } = layeredLayout(
      ['a', 'b', 'c', 'd'],
      [
        ['a', 'b'],
        ['a', 'c'],
        ['a', 'd'],
      ],
    );
    expect([layers, rows]).toEqual([2, 3]);
  });
});
