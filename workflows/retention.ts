import { sleep } from '@temporalio/workflow';
import { RETAINED_KINDS, RetentionInput, type RetentionResult } from '../contracts/workflows/retention.ts';
import { parseInput } from '../contracts/parse-input.ts';
import { sumOfCounts } from '../contracts/retained-counts.ts';
import { planRetention, removePlanned } from './activities.ts';
import { ProgressTracker } from './progress.ts';

/**
 * A step that found a cached result before it was removed needs this time to end. Its run then refers to the artifact, and the
 * removal of artifacts spares it.
 */
const SETTLE = '5 minutes';

/** Lists the objects that nothing refers to, and removes them unless it is a dry run. */
export async function retention(raw: Partial<RetentionInput> = {}): Promise<RetentionResult> {
  const { dryRun, ...limits } = parseInput('retention', RetentionInput, raw);
  const progress = new ProgressTracker(['plan', 'cached-results', 'objects']);
  const { plan, planned, cutoffs } = await progress.run('plan', () => planRetention(limits));
  const none = { removed: null, spared: 0 };
  if (dryRun) {
    for (const step of ['cached-results', 'objects']) progress.skip(step, 'dry run');
    return { dryRun, plan, planned, ...none };
  }
  const entries = await progress.run('cached-results', async () => {
    const answer = await removePlanned({ plan, cutoffs, kinds: ['cache-entry'] });
    if (answer.removed['cache-entry'].objects > 0) await sleep(SETTLE);
    return answer;
  });
  const kinds = RETAINED_KINDS.filter((kind) => kind !== 'cache-entry');
  const others = await progress.run('objects', () => removePlanned({ plan, cutoffs, kinds }));
  return {
    dryRun,
    plan,
    planned,
    removed: sumOfCounts(entries.removed, others.removed),
    spared: entries.spared + others.spared,
  };
}
