/** Groups the steps of a run by name, so that a fan-out over a hundred months is one node that counts what is done. */
import type { Edge } from './layered-layout.ts';

interface StepLike {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly cached: boolean;
  readonly attempt: number;
  readonly durationMs?: number | undefined;
}

interface StepGroup<Step extends StepLike> {
  readonly name: string;
  readonly kind: string;
  readonly steps: readonly Step[];
  /** The most urgent state of its steps. */
  readonly state: string;
  readonly closed: number;
  readonly cached: number;
  /** Largest number of attempts of one step. */
  readonly attempts: number;
  /** Total duration, in milliseconds. */
  readonly spent: number;
}

/** Lists the most urgent state first. */
const URGENCY = ['failed', 'timed-out', 'running', 'waiting', 'abandoned', 'cancelled', 'completed'];

export function groupSteps<Step extends StepLike>(steps: readonly Step[]): StepGroup<Step>[] {
  const byName = Map.groupBy(steps, ({ name }) => name);
  return [...byName].map(([name, members]) => {
    const cached = members.filter((step) => step.cached).length;
    const state =
      URGENCY.find((urgent) => members.some((step) => step.state === urgent)) ?? members[0]!.state;
    return {
      name,
      kind: members[0]!.kind,
      steps: members,
      state: state === 'completed' && cached === members.length ? 'cached' : state,
      closed: members.filter(({ state: one }) => one !== 'running' && one !== 'waiting').length,
      cached,
      attempts: Math.max(...members.map(({ attempt }) => attempt)),
      spent: members.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0),
    };
  });
}

/** Returns each edge between groups once, forward in order of first appearance, without those that a longer path implies. */
export function groupEdges(steps: readonly StepLike[], edges: readonly Edge[]): Edge[] {
  const nameOf = new Map(steps.map(({ id, name }) => [id, name]));
  const order = new Map<string, number>();
  for (const { name } of steps) if (!order.has(name)) order.set(name, order.size);
  const between = new Map<string, Edge>();
  for (const [from, to] of edges) {
    const a = nameOf.get(from);
    const b = nameOf.get(to);
    if (a !== undefined && b !== undefined && order.get(a)! < order.get(b)!)
      between.set(`${a}\n${b}`, [a, b]);
  }
  return withoutShortcuts([...between.values()]);
}

/** Returns the transitive reduction of an acyclic graph. */
export function withoutShortcuts(edges: readonly Edge[]): Edge[] {
  const next = Map.groupBy(edges, ([from]) => from);
  const reaches = (from: string, to: string, seen: Set<string>): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (next.get(from) ?? []).some(([, child]) => reaches(child, to, seen));
  };
  return edges.filter(
    ([from, to]) =>
      !(next.get(from) ?? []).some(([, other]) => other !== to && reaches(other, to, new Set([from]))),
  );
}
