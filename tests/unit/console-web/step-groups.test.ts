import { describe, expect, it } from 'vitest';
import { groupEdges, groupSteps, withoutShortcuts } from '../../../console/web/src/graph/step-groups.ts';

const step = (id: string, name: string, state = 'completed', cached = false) => ({
  id,
  name,
  kind: 'activity',
  state,
  cached,
  attempt: 1,
  durationMs: 1000,
});

describe('groupSteps', () => {
  it('counts closed and cached steps', () => {
    const [group] = groupSteps([
      step('1', 'read'),
      step('2', 'read', 'completed', true),
      step('3', 'read', 'running'),
    ]);
    expect(group).toMatchObject({ name: 'read', closed: 2, cached: 1, spent: 3000 });
  });

  it('shows a failure before anything else', () => {
    const [group] = groupSteps([
      step('1', 'read'),
      step('2', 'read', 'running'),
      step('3', 'read', 'failed'),
    ]);
    expect(group!.state).toBe('failed');
  });

  it('is cached only if all its steps are', () => {
    expect(groupSteps([step('1', 'a', 'completed', true)])[0]!.state).toBe('cached');
    expect(groupSteps([step('1', 'a', 'completed', true), step('2', 'a')])[0]!.state).toBe('completed');
  });
});

describe('groupEdges', () => {
  it('draws a fan-out as one line, and none backwards', () => {
    const steps = [step('1', 'list'), step('2', 'read'), step('3', 'read'), step('4', 'list')];
    const edges: [string, string][] = [
      ['1', '2'],
      ['1', '3'],
      ['3', '4'],
    ];
    expect(groupEdges(steps, edges)).toEqual([['list', 'read']]);
  });
});

it('withoutShortcuts omits edges that a longer path implies', () => {
  const edges: [string, string][] = [
    ['a', 'b'],
    ['b', 'c'],
    ['a', 'c'],
  ];
  expect(withoutShortcuts(edges)).toEqual([
    ['a', 'b'],
    ['b', 'c'],
  ]);
});
