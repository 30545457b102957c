import { CitibikeError } from '../contracts/errors.ts';
import type { PromotionInput } from '../contracts/workflows/promotion.ts';
import type { Comparison } from '../contracts/activities/register.ts';
import { checkRefit, checkRollback, compareWithChampion } from './activities.ts';

/** Decides by the rule whether a version becomes champion. The result is final under the lock, and a forecast before it. */
export async function decide(
  input: Pick<
    PromotionInput,
    'model' | 'version' | 'rule' | 'testFrame' | 'threshold' | 'margin' | 'expectedChampion'
  >,
): Promise<Comparison> {
  const { model, version, rule, testFrame, threshold, margin, expectedChampion } = input;
  if (rule === 'refit') return checkRefit({ model, version });
  if (rule === 'rollback') {
    return checkRollback({ model, version, expectedChampion });
  }
  if (!testFrame)
    throw new CitibikeError(
      'INVALID_INPUT',
      `testFrame: got nothing, expected the hours to compare on for the rule ${rule}`,
    );
  return compareWithChampion({ model, version, testFrame, threshold, rule, margin });
}
