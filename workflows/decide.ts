import { CitibikeError } from '../contracts/errors.ts';
import type { PromotionInput } from '../contracts/workflows/promotion.ts';
import type { Comparison } from '../contracts/activities/register.ts';
import { checkRefit, checkRollback, compareWithChampion } from './activities.ts';

/** Whether a version becomes champion, by the rule asked for. Under the lock this is the decision; before it, what to expect of it. */
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
  if (!testFrame) throw new CitibikeError('INVALID_INPUT', `rule ${rule} needs testFrame`);
  return compareWithChampion({ model, version, testFrame, threshold, rule, margin });
}
