import { describe, expect, it } from 'vitest';
import { missingTags, tagsFor, withDecision } from '../../../activities/register/version-tags.ts';

describe('tags derived from aliases', () => {
  it.each([
    [['champion'], 'pending', 'Production', 'approved'],
    [['champion', 'previous'], 'rejected', 'Production', 'approved'],
    [['previous'], 'approved', 'Archived', 'approved'],
    [['previous'], undefined, 'Archived', 'approved'],
    [['previous'], 'rejected', 'Archived', 'rejected'],
    [['candidate'], 'pending', 'Staging', 'pending'],
    [[], 'pending', 'Staging', 'pending'],
    [[], undefined, 'Staging', 'pending'],
    [[], 'approved', 'Archived', 'approved'],
    [['candidate'], 'rejected', 'Archived', 'rejected'],
  ] as const)('aliases %j with status %s are %s, %s', (aliases, status, stage, validation_status) => {
    expect(tagsFor(aliases, status)).toEqual({ stage, validation_status });
  });

  it('writes only tags that differ', () => {
    const wanted = tagsFor(['champion'], 'approved');
    expect(missingTags({ stage: 'Staging', validation_status: 'approved' }, wanted)).toEqual({
      stage: 'Production',
    });
  });

  it('a second status replaces the first', () => {
    const once = withDecision('Trained on 2024.', 'champion. better');
    expect(withDecision(once, 'archived. worse')).toBe('Trained on 2024.\n\n**Verdict**: archived. worse');
  });
});
