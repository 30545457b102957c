/** Tests with random graphs of artifacts that retention removes what nothing refers to, and nothing else. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { daysAgo, digest, putArtifact, remove, TestRoots, withPlan } from './retention-lab.ts';
import { MemoryObjects } from './memory-objects.ts';

const FOLDERS = [
  (n: number) => `s3://artifacts/run-${n % 3}/train/${digest(n)}/model.json`,
  (n: number) => `s3://artifacts/run-${n % 3}/frame/${digest(n)}/frame.parquet`,
  (n: number) => `s3://artifacts/quality/nyc/seed/2025-01/${digest(n)}/report.json`,
  (n: number) => `s3://data/raw/tripdata/nyc/2025/${digest(n)}/trips "${n}".zip`,
  (n: number) => `s3://data/datasets/months/nyc/seed/2025-01/${digest(n)}.parquet`,
];

interface Node {
  readonly folder: number;
  readonly isYoung: boolean;
  /** Numbers of other nodes, taken modulo the number of nodes. They may form cycles. */
  readonly inputs: readonly number[];
  readonly content: readonly number[];
}

const node: fc.Arbitrary<Node> = fc.record({
  folder: fc.nat(FOLDERS.length - 1),
  isYoung: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  inputs: fc.array(fc.nat(), { maxLength: 3 }),
  content: fc.array(fc.nat(), { maxLength: 2 }),
});

const graph = fc.record({
  nodes: fc.array(node, { minLength: 1, maxLength: 40 }),
  roots: fc.array(fc.nat(), { maxLength: 4 }),
  /** Roots that appear between the plan and the removal. */
  lateRoots: fc.array(fc.nat(), { maxLength: 3 }),
  /** Young cached results, which keep what they name. */
  entries: fc.array(fc.record({ names: fc.nat(), isYoung: fc.boolean() }), { maxLength: 5 }),
});

it('removes an artifact if and only if nothing refers to it at any distance', async () => {
  await fc.assert(
    fc.asyncProperty(graph, async ({ nodes, roots, lateRoots, entries }) => {
      const objects = new MemoryObjects();
      const at = (n: number): number => n % nodes.length;
      const uriOf = (n: number): string => FOLDERS[nodes[at(n)]!.folder]!(at(n));
      nodes.forEach(({ isYoung, inputs, content }, n) => {
        const isJson = uriOf(n).endsWith('.json');
        putArtifact(objects, uriOf(n), {
          age: isYoung ? 3 : 500,
          inputs: inputs.map(uriOf),
          content: isJson ? { parts: content.map((part) => ({ uri: uriOf(part) })) } : {},
        });
      });
      entries.forEach(({ names, isYoung }, n) => {
        const uri = `s3://artifacts/step-cache/train/${n.toString(16).padStart(64, '0')}.json`;
        objects.put(uri, { ref: { uri: uriOf(names) } }, daysAgo(isYoung ? 3 : 500));
      });

      const before = new TestRoots();
      before.add(...roots.map(uriOf));
      await withPlan(objects, before, async (file) => {
        const after = before.again();
        after.beforeLook = () => {
          after.beforeLook = () => after.add(...lateRoots.map(uriOf));
        };
        await remove(objects, after, file);
      });

      const expected = reachable(nodes, uriOf, [
        ...roots,
        ...lateRoots,
        ...entries.filter(({ isYoung }) => isYoung).map(({ names }) => names),
        ...nodes.flatMap(({ isYoung }, n) => (isYoung ? [n] : [])),
      ]);
      nodes.forEach((_, n) => expect([uriOf(n), objects.has(uriOf(n))]).toEqual([uriOf(n), expected.has(n)]));
    }),
    { numRuns: 300 },
  );
});

/** Returns the numbers of the nodes that the start nodes refer to, and the start nodes. */
function reachable(
  nodes: readonly Node[],
  uriOf: (n: number) => string,
  start: readonly number[],
): Set<number> {
  const found = new Set<number>();
  const open = start.map((n) => n % nodes.length);
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    if (found.has(n)) continue;
    found.add(n);
    const { inputs, content } = nodes[n]!;
    const parts = uriOf(n).endsWith('.json') ? content : [];
    open.push(...[...inputs, ...parts].map((next) => next % nodes.length));
  }
  return found;
}
