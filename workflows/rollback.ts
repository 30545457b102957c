import { CitibikeError } from '../contracts/errors.ts';
import { PromotionInput } from '../contracts/workflows/promotion.ts';
import { RollbackInput } from '../contracts/workflows/rollback.ts';
import { parseInput } from '../contracts/parse-input.ts';
import type { RollbackResult } from '../contracts/workflows/rollback.ts';
import { resolveRollback } from './activities.ts';
import { ProgressTracker, setSearchAttribute } from './progress.ts';
import { promoteUnderLock, promotionId } from './promote-under-lock.ts';

/** Promotes the version of alias `previous`, or a version by number, under the lock. The version is proven before it serves. */
export async function rollback(raw: RollbackInput = {}): Promise<RollbackResult> {
  const input = parseInput('rollback', RollbackInput, raw);
  const progress = new ProgressTracker(['resolve', 'promotion']);
  const { model, version, champion } = await progress.run('resolve', () =>
    resolveRollback({
      model: input.model,
      version: input.version,
    }),
  );
  setSearchAttribute('modelVersion', version);
  const turned = parseInput('promotion', PromotionInput, {
    model,
    version,
    rule: 'rollback',
    note: input.reason,
    // Otherwise a second rollback at the same time would return to the champion that the first one left.
    expectedChampion: input.version === undefined && champion !== null ? champion : undefined,
  });
  const result = await progress.run('promotion', () => promoteUnderLock(turned), promotionId(model));
  if (!result.promote) {
    throw new CitibikeError('ROLLOUT_FAILED', `${model} was not rolled back: ${result.reason}`);
  }
  return { model, ...result };
}
